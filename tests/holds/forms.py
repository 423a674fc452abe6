"""An anonymous report on its way, page by page, at a real server."""

from tests.crash.clients import PNG, Answer, Browser
from tests.crash.server import Server


class Form:
    """A report that was begun."""

    def __init__(self, server: Server) -> None:
        self.browser = Browser(server.port)
        self.browser.ask("GET", "/diensten/melding-openbare-ruimte/")
        self.place = self.browser.ask("POST", "/diensten/melding-openbare-ruimte/begin/", {}).location
        self.application = self.place.split("/")[2]

    def send(self, page: str, **answers: str) -> Answer:
        """Sends a page."""
        return self.browser.ask("POST", f"{self.place}vraag/{page}/", answers)

    def add_photo(self, size: int = 0) -> Answer:
        """Adds a photo of at least so many bytes."""
        answers = {"gevaar": "no", "omschrijving": "Er ligt een tegel los.", "upload:foto": "1"}
        return self.browser.ask("POST", f"{self.place}vraag/hoe/", answers, {"foto": PNG + bytes(size)})

    def fill_in(self, email: str = "melder@voorbeeld.example") -> None:
        """Everything but the last button."""
        place = {"plek.lat": "52.1017", "plek.lon": "5.099", "plek.description": "Op straat"}
        for page, answers in (
            ("wat", {"categorie": "weg"}),
            ("waar", place),
            ("hoe", {"gevaar": "no", "omschrijving": "Er ligt een tegel los."}),
            ("contact", {"email": email}),
        ):
            answer = self.send(page, **answers)
            assert answer.status == 303, (page, answer.status, answer.text[:500])

    def submit(self) -> Answer:
        """The last button."""
        return self.browser.ask("POST", f"{self.place}overzicht/", {})
