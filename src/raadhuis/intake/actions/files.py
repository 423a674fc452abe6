"""Files that come with an application: type found by content, scanned, durable before anybody is told.

Always holds: a file is refused with a sentence, or kept whole; the name is a label and never a path.
"""

import hashlib
import zipfile
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext

from raadhuis.adapters.antivirus import Infected, TooLargeToScan
from raadhuis.cases.schema import KeptFile
from raadhuis.catalogue import queries as catalogue
from raadhuis.catalogue.questions import FileQuestion, GroupQuestion
from raadhuis.intake import registers
from raadhuis.intake.actions.common import lock, tell
from raadhuis.intake.models import MOST_NAME, Application, Upload
from raadhuis.intake.schema import FileView
from raadhuis.intake.state import Person, reseal, unseal
from raadhuis.kernel import clock, ids
from raadhuis.kernel.db import durable
from raadhuis.kernel.problems import Absent, Invalid

HEAD = 4096
BLOCK = 1024 * 1024
MOST_IN_ALL = 40
_OFFICE = {"word/": "docx", "xl/": "xlsx"}
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
}


def kind_by_content(content: BinaryIO) -> str:
    """ "pdf", "jpeg", "png", "docx", "xlsx", "odt", or "" for anything else. Reads the start (of a ZIP: its index)."""
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    if head[:1024].lstrip(b"\x00\t\n\r ").startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return ""


def _office_kind(content: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(content) as archive:
            names = archive.namelist()[:2000]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
                return "odt" if archive.read("mimetype") == CONTENT_TYPES["odt"].encode() else ""
            if "[Content_Types].xml" in names:
                return next((kind for folder, kind in _OFFICE.items() if any(n.startswith(folder) for n in names)), "")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, KeyError):
        return ""
    finally:
        content.seek(0)
    return ""


def _question(row: Application, question_id: str) -> FileQuestion:
    """The file question; inside a group its id is "group.row.question". Raises Absent, also for too long an id."""
    if len(question_id) > MOST_NAME:
        raise Absent
    published = catalogue.by_version_id(row.version)
    parts = question_id.split(".")
    for page in published.definition.pages:
        for question in page.questions:
            if isinstance(question, FileQuestion) and question.id == question_id:
                return question
            if isinstance(question, GroupQuestion) and len(parts) == 3 and question.id == parts[0]:
                for part in question.questions:
                    if isinstance(part, FileQuestion) and part.id == parts[2]:
                        return part
    raise Absent


def label_of(name: str) -> str:
    """A file's name as a harmless label: no folders, no control characters, at most 120 characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in base if c.isprintable() and c not in '<>:"|?*').strip(". ")
    return clean[-120:] or "bestand"


def keep_upload(
    application: UUID, question_id: str, name: str, content: BinaryIO, size: int, person: Person
) -> FileView:
    """Keeps one file; sent again (a button pressed twice, a page sent again), it is kept once.

    Raises Invalid with a sentence (kind, size, number, virus), Unavailable, Absent, NotNow.
    """
    with durable():
        row = lock(application, person)  # Only to see that it is theirs and open; the file is written outside.
        question = _question(row, question_id)
        _require_size(question, question_id, size)
        same = _kept_already(row, question_id, size, content)
        if same is not None:
            return FileView(str(same.id), same.name, same.size, same.content_type)
        _require_room(row, question, question_id)
    kind = kind_by_content(content)
    if kind not in question.kinds:
        allowed = ", ".join(k.upper() for k in question.kinds)
        raise Invalid(
            {
                question_id: gettext(
                    "Dit soort bestand kunnen wij niet aannemen. Kies een van deze soorten: %(kinds)s."
                )
                % {"kinds": allowed}
            }
        )
    scanned = scan(content, question_id)
    content.seek(0)
    stored = registers.adapters().files.put(content, limit=question.max_megabytes * 1024 * 1024)
    with durable():
        row = lock(application, person)
        same = row.uploads.filter(question=question_id, sha256=stored.sha256).first()
        asked = question_id.split(".")[0]  # Which row it was is no step of the process, and makes names too long.
        if same is None:
            _require_room(row, question, question_id)
            same = Upload.objects.create(
                id=ids.uuid7(),
                application=row,
                question=question_id,
                name=label_of(name),
                size=stored.size,
                sha256=stored.sha256,
                content_type=CONTENT_TYPES[kind],
                file_key=stored.key,
                scanned=scanned,
                added=clock.now(),
            )
            tell("application.file_kept", row, person, {"page": asked}, activity=asked)
        row.changed = clock.now()
        row.save()
    return FileView(str(same.id), same.name, same.size, same.content_type)


def drop_row(row: Application, group: str, number: int) -> None:
    """Takes away the files of one row of a group, and moves those of later rows up with their row. In the caller's
    transaction.
    """
    for upload in row.uploads.filter(question__startswith=f"{group}."):
        _, place, question = upload.question.split(".")
        if int(place) == number:
            upload.delete()
        elif int(place) > number:
            upload.question = f"{group}.{int(place) - 1}.{question}"
            upload.save(update_fields=["question"])


def _kept_already(row: Application, question_id: str, size: int, content: BinaryIO) -> Upload | None:
    """The same file, when it was kept before. Only a file of the same size is read."""
    kept = {upload.sha256: upload for upload in row.uploads.filter(question=question_id, size=size)[:MOST_IN_ALL]}
    if not kept:
        return None
    content.seek(0)
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    content.seek(0)
    return kept.get(digest.hexdigest())


def _require_size(question: FileQuestion, question_id: str, size: int) -> None:
    if size == 0:
        raise Invalid({question_id: gettext("Dit bestand is leeg. Kies een ander bestand.")})
    if size > question.max_megabytes * 1024 * 1024:
        raise Invalid(
            {
                question_id: gettext("Dit bestand is te groot. Kies een bestand tot %(size)s.")
                % {"size": f"{question.max_megabytes} MB"}
            }
        )


def _require_room(row: Application, question: FileQuestion, question_id: str) -> None:
    if row.uploads.filter(question=question_id).count() >= question.at_most:
        raise Invalid(
            {
                question_id: ngettext(
                    "U kunt hoogstens %(n)s bestand toevoegen. Haal het eerst weg.",
                    "U kunt hoogstens %(n)s bestanden toevoegen. Haal er eerst een weg.",
                    question.at_most,
                )
                % {"n": question.at_most}
            }
        )
    if row.uploads.count() >= MOST_IN_ALL:
        raise Invalid({question_id: gettext("Bij een aanvraag passen hoogstens %(n)s bestanden.") % {"n": MOST_IN_ALL}})


def scan(content: BinaryIO, field: str) -> str:
    """ "clean" or, without a scanner, "unscanned". Raises Invalid for a virus, Unavailable when the scanner is away."""
    scanner = registers.adapters().antivirus
    if scanner is None:
        return "unscanned"
    content.seek(0)
    try:
        found = scanner.scan(content)
    except TooLargeToScan as error:
        raise Invalid(
            {field: gettext("Dit bestand is te groot om na te kijken op virussen. Kies een kleiner bestand.")}
        ) from error
    if isinstance(found, Infected):
        raise Invalid(
            {field: gettext("In dit bestand zit een virus. Wij hebben het niet bewaard. Kies een ander bestand.")}
        )
    return "clean"


def stream_of(file: "UploadedFile[bytes]") -> BinaryIO:
    """The bytes of a file that came with a form."""
    return cast(BinaryIO, file.file)


MOST_BYTES_LATER = 10 * 1024 * 1024


def kept_file(content: BinaryIO, name: str, size: int, *, field: str) -> KeptFile:
    """Keeps a file that comes to a case later, outside a form. Raises Invalid (about `field`), Unavailable."""
    kind = kind_by_content(content)
    if not kind:
        raise Invalid(
            {field: gettext("Dit soort bestand kunnen wij niet aannemen. Kies een PDF, een foto of een document.")}
        )
    if size > MOST_BYTES_LATER:
        raise Invalid({field: gettext("Dit bestand is te groot. Kies een bestand tot 10 MB.")})
    scanned = scan(content, field)
    content.seek(0)
    stored = registers.adapters().files.put(content, limit=MOST_BYTES_LATER)
    return KeptFile(
        key=stored.key,
        name=label_of(name),
        size=stored.size,
        sha256=stored.sha256,
        content_type=CONTENT_TYPES[kind],
        document="",
        title=label_of(name),
        scanned="clean" if scanned == "clean" else "unscanned",
    )


def remove_upload(application: UUID, upload: UUID, person: Person) -> str:
    """Takes a file away again; returns the question it belonged to. Doing it twice is no fault."""
    with durable():
        row = lock(application, person)
        found = row.uploads.filter(id=upload).first()
        if found is None:
            return ""
        question = found.question
        found.delete()
        state = unseal(row)
        kept = [f for f in state.answers.get(question) or [] if isinstance(f, dict) and f.get("id") != str(upload)]
        if question in state.answers:
            state.answers[question] = kept
        reseal(row, state)
        row.revision += 1
        row.save()
        return question
