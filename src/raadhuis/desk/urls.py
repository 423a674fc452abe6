"""The addresses of the staff's pages, below /werk/."""

from django.urls import path

from raadhuis.desk.views import cases, clients, delivery, figures, process_new, processes, queue, services, tasks

urlpatterns = [
    path("", queue.queue, name="desk_queue"),
    path("zoeken/", queue.search, name="desk_search"),
    path("zaken/", queue.case_list, name="desk_cases"),
    path("zaken/lijst.csv", queue.case_export, name="desk_case_export"),
    path("zaken/<uuid:zaak>/", cases.case, name="desk_case"),
    path("zaken/<uuid:zaak>/<slug:verb>/", cases.act, name="desk_case_act"),
    path("taken/<uuid:task>/", tasks.task, name="desk_task"),
    path("taken/<uuid:task>/<slug:verb>/", tasks.act, name="desk_task_act"),
    path("documenten/<uuid:document_id>/", cases.document, name="desk_document"),
    path("bezorging/", delivery.outbox, name="desk_outbox"),
    path("bezorging/<uuid:row>/opnieuw/", delivery.resend, name="desk_resend"),
    path("diensten/", services.listing, name="desk_services"),
    path("diensten/nieuw/", services.upload, name="desk_service_upload"),
    path("diensten/<slug:service>/", services.service, name="desk_service"),
    path("diensten/<slug:service>/bron.yaml", services.source, name="desk_service_source"),
    path("diensten/<slug:service>/<slug:verb>/", services.act, name="desk_service_act"),
    path("applicaties/", clients.listing, name="desk_clients"),
    path("applicaties/nieuw/", clients.new, name="desk_client_new"),
    path("applicaties/<uuid:client>/<slug:verb>/", clients.act, name="desk_client_act"),
    path("abonnementen/<uuid:subscription>/opnieuw/", delivery.resend_all, name="desk_resend_all"),
    path("processen/", processes.listing, name="desk_processes"),
    path("processen/nieuw/", process_new.new, name="desk_process_new"),
    path("processen/nieuw/<uuid:kept>/", process_new.table, name="desk_process_table"),
    path("processen/nieuw/<uuid:kept>/voortgang/", process_new.progress, name="desk_process_coming"),
    path("processen/<uuid:log>/", processes.log, name="desk_process"),
    path("processen/<uuid:log>/weg/", processes.forget, name="desk_process_throw_away"),
    path("processen/<uuid:log>/model.bpmn", processes.model_file, name="desk_process_model_file"),
    path("processen/<uuid:log>/<slug:part>/", processes.part, name="desk_process_part"),
    path("cijfers/", figures.figures, name="desk_figures"),
]
