"""The words that lists use for what the system has a fixed set of: Swedish first, then English."""

from collections.abc import Mapping

from camera_gateway.privacy import PrivacyFilter
from events.types.home import OutageAgreement, RiskClass
from events.types.recipient import ConsentForm
from services.registering.description import Role

ROLES = {
    "nattpersonal": Role.NIGHT_STAFF,
    "patrull": Role.PATROL,
    "chef": Role.MANAGER,
    "handläggare": Role.ASSESSOR,
    "sjuksköterska": Role.NURSE,
    "installatör": Role.INSTALLER,
    **{role.value: role for role in Role},
}
RISKS = {
    "låg": RiskClass.LOW,
    "medel": RiskClass.MEDIUM,
    "hög": RiskClass.HIGH,
    "low": RiskClass.LOW,
    "medium": RiskClass.MEDIUM,
    "high": RiskClass.HIGH,
}
OUTAGES = {
    "besök": OutageAgreement.VISIT,
    "ring först": OutageAgreement.PHONE_FIRST,
    "vänta till morgonen": OutageAgreement.WAIT_UNTIL_MORNING,
    "visit": OutageAgreement.VISIT,
    "phone-first": OutageAgreement.PHONE_FIRST,
    "wait-until-morning": OutageAgreement.WAIT_UNTIL_MORNING,
}
FILTERS = {
    "inget": PrivacyFilter.NONE,
    "rutor": PrivacyFilter.PIXELATED,
    "suddigt": PrivacyFilter.BLURRED,
    "siluett": PrivacyFilter.SILHOUETTE,
    "none": PrivacyFilter.NONE,
    "pixelated": PrivacyFilter.PIXELATED,
    "blurred": PrivacyFilter.BLURRED,
    "silhouette": PrivacyFilter.SILHOUETTE,
}
FORMS = {
    "skriftligt": ConsentForm.WRITTEN,
    "muntligt": ConsentForm.ORAL,
    "genom företrädare": ConsentForm.THROUGH_REPRESENTATIVE,
    "written": ConsentForm.WRITTEN,
    "oral": ConsentForm.ORAL,
    "through-representative": ConsentForm.THROUGH_REPRESENTATIVE,
}
YES_NO = ("ja", "nej")


def swedish(words: Mapping[str, str]) -> tuple[str, ...]:
    """The words to choose from in the workbook: the Swedish half."""
    return tuple(words)[: len(words) // 2]
