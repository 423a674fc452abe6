"""The resident's addresses: Dutch, short, stable."""

from django.urls import path

from raadhuis.portal.views import cases, forms, services, signing

urlpatterns = [
    path("", services.home, name="home"),
    path("over/", services.about, name="about"),
    path("diensten/<slug:service_id>/", services.service, name="service"),
    path("diensten/<slug:service_id>/cijfers/", services.figures, name="service_figures"),
    path("diensten/<slug:service_id>/begin/", services.begin, name="begin"),
    path("aanvraag/<uuid:application>/", forms.go_on, name="go_on"),
    path("aanvraag/<uuid:application>/overzicht/", forms.overview, name="overview"),
    path("aanvraag/<uuid:application>/klaar/", forms.receipt, name="receipt"),
    path("aanvraag/<uuid:application>/bewaren/", forms.save_for_later, name="save_for_later"),
    path("aanvraag/<uuid:application>/weggooien/", forms.discard, name="discard"),
    path("aanvraag/<uuid:application>/klopt-niet/<slug:question_id>/", forms.correct, name="correct"),
    path("aanvraag/<uuid:application>/vraag/<slug:page_id>/", forms.page, name="form_page"),
    path("verder/<slug:secret>/", forms.resume, name="resume"),
    path("mijn/zaken/", cases.my_cases, name="my_cases"),
    path("mijn/zaken/<uuid:zaak>/", cases.case, name="case"),
    path("mijn/zaken/<uuid:zaak>/bericht/", cases.write, name="write"),
    path("mijn/zaken/<uuid:zaak>/intrekken/", cases.withdraw, name="withdraw"),
    path("mijn/document/<uuid:document_id>/", cases.document, name="document"),
    path("mijn/zaken/<uuid:zaak>/handtekening/", signing.ask_again, name="sign_again"),
    path("ondertekenen/", signing.enter, name="sign"),
    path("ondertekenen/<uuid:zaak>/", signing.case, name="sign_case"),
    path("ondertekenen/<uuid:zaak>/antwoord/", signing.answer, name="sign_answer"),
    path("ondertekenen/<uuid:zaak>/document/<uuid:document_id>/", signing.document, name="sign_document"),
    path("volgen/", cases.follow, name="follow"),
]
