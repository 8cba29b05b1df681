from people.models.enrollments import Accommodation, AccommodationNote, Enrollment, RoleLimit
from people.models.extensions import DateExtension, DateExtensionNote, GroupDates, VaryingDates
from people.models.groups import LearnerGroup
from people.models.inviting import PersonalInvitation
from people.models.joining import Invitation

__all__ = [
    "Accommodation",
    "AccommodationNote",
    "DateExtension",
    "DateExtensionNote",
    "Enrollment",
    "GroupDates",
    "Invitation",
    "LearnerGroup",
    "PersonalInvitation",
    "RoleLimit",
    "VaryingDates",
]
