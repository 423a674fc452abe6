"""What is said about a second signature: in mails to both, in the confirmation, and as the title of a task."""

from raadhuis.kernel.texts import Text

HELLO = Text("Beste {naam},\n\n", "Dear {naam},\n\n")
ASKED = (
    Text("Wilt u mee ondertekenen? {dienst} ({zaaknummer})", "Will you sign too? {dienst} ({zaaknummer})"),
    Text(
        "{groet}Iemand vroeg iets bij ons aan en gaf dit e-mailadres op: u moet mee ondertekenen. Het gaat om: "
        "{dienst}. Wij gaan pas verder als u hebt ondertekend. Lees hier wat u ondertekent:\n{link}\n\n"
        "Het nummer is {zaaknummer}, uw code is {code}. Onderteken uiterlijk {datum}. Weet u hier niets van? Dan "
        "hoeft u niets te doen.\n\nMet vriendelijke groet,\n{gemeente}",
        "{groet}Somebody applied for something with us and gave this e-mail address: you must sign too. It is about: "
        "{dienst}. We go on only once you have signed. Read here what you sign:\n{link}\n\n"
        "The number is {zaaknummer}, your code is {code}. Sign by {datum}. Do you know nothing of this? Then you need "
        "not do anything.\n\nKind regards,\n{gemeente}",
    ),
)
REMINDED = (
    Text(
        "Herinnering: wilt u mee ondertekenen? {dienst} ({zaaknummer})",
        "Reminder: will you sign too? {dienst} ({zaaknummer})",
    ),
    Text(
        "{groet}Wij wachten nog op uw handtekening. Het gaat om: {dienst}. Lees hier wat u ondertekent:\n{link}\n\n"
        "Het nummer is {zaaknummer}, uw code is {code}. Onderteken uiterlijk {datum}. Weet u hier niets van? Dan "
        "hoeft u niets te doen.\n\nMet vriendelijke groet,\n{gemeente}",
        "{groet}We are still waiting for your signature. It is about: {dienst}. Read here what you sign:\n{link}\n\n"
        "The number is {zaaknummer}, your code is {code}. Sign by {datum}. Do you know nothing of this? Then you need "
        "not do anything.\n\nKind regards,\n{gemeente}",
    ),
)
THANKS = (
    Text("U hebt ondertekend: {dienst} ({zaaknummer})", "You have signed: {dienst} ({zaaknummer})"),
    Text(
        "{groet}U hebt mee ondertekend: {dienst}. Wij gaan nu verder. Wat u ondertekende, leest u hier:\n{link}\n\n"
        "Met vriendelijke groet,\n{gemeente}",
        "{groet}You have signed too: {dienst}. We now go on. You can read what you signed here:\n{link}\n\n"
        "Kind regards,\n{gemeente}",
    ),
)
SIGNED = (
    Text("Er is mee ondertekend: {zaaknummer}", "It has been signed: {zaaknummer}"),
    Text(
        "Beste {naam},\n\n{wie} heeft {zaaknummer} mee ondertekend. Wij gaan nu verder. U volgt uw zaak hier:\n"
        "{link}\n\nMet vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\n{wie} has signed {zaaknummer} too. We now go on. You can follow your case here:\n{link}\n\n"
        "Kind regards,\n{gemeente}",
    ),
)
NOT_SIGNED = (
    Text("Er is niet mee ondertekend: {zaaknummer}", "It has not been signed: {zaaknummer}"),
    Text(
        "Beste {naam},\n\n{wie} wil {zaaknummer} niet mee ondertekenen. Een medewerker kijkt nu naar uw zaak. U volgt "
        "uw zaak hier:\n{link}\n\nMet vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\n{wie} does not want to sign {zaaknummer}. A member of staff now looks at your case. You can "
        "follow your case here:\n{link}\n\nKind regards,\n{gemeente}",
    ),
)
TOO_LATE = (
    Text("Er is niet op tijd mee ondertekend: {zaaknummer}", "It was not signed in time: {zaaknummer}"),
    Text(
        "Beste {naam},\n\n{wie} heeft {zaaknummer} niet op tijd mee ondertekend. Een medewerker kijkt nu naar uw zaak. "
        "U kunt de e-mail nog een keer laten versturen. Dat doet u hier:\n{link}\n\n"
        "Met vriendelijke groet,\n{gemeente}",
        "Dear {naam},\n\n{wie} has not signed {zaaknummer} in time. A member of staff now looks at your case. You can "
        "have the e-mail sent once more. You do that here:\n{link}\n\nKind regards,\n{gemeente}",
    ),
)
FIRST = Text(
    "\n{wie} moet eerst mee ondertekenen. Wij hebben een e-mail gestuurd. Daarna gaan wij verder.\n",
    "\n{wie} must sign first. We have sent an e-mail. After that we go on.\n",
)
TASKS = {
    "cosign-refused": Text("Niet mee ondertekend: bekijk de zaak", "Not signed: look at the case"),
    "cosign-expired": Text("Niet op tijd mee ondertekend: bekijk de zaak", "Not signed in time: look at the case"),
}
