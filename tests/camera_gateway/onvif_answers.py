"""What the simulated ONVIF camera answers, operation by operation, in the standard's words (its WSDL and XSD files)."""

from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import escape

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"'
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
    ' xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:timg="http://www.onvif.org/ver20/imaging/wsdl"'
    ' xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"'
    ' xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:tns1="http://www.onvif.org/ver10/topics"'
    ' xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>{body}</s:Body></s:Envelope>'
)
SERVICES = {
    "http://www.onvif.org/ver10/device/wsdl": "device_service",
    "http://www.onvif.org/ver10/media/wsdl": "media",
    "http://www.onvif.org/ver20/ptz/wsdl": "ptz",
    "http://www.onvif.org/ver20/imaging/wsdl": "imaging",
    "http://www.onvif.org/ver10/events/wsdl": "events",
}
PREFIXES = {
    "GetSystemDateAndTime": "tds",
    "GetServices": "tds",
    "CreatePullPointSubscription": "tev",
    "PullMessages": "tev",
    "GetProfiles": "trt",
    "GetStreamUri": "trt",
    "GetPresets": "tptz",
    "GetStatus": "tptz",
}
SPACE = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace"

Place = tuple[float, float]


def fault(subcode: str, reason: str = "no") -> str:
    return (
        f"<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:{subcode}</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en">{escape(reason)}</s:Text></s:Reason></s:Fault>'
    )


def empty(prefix: str, operation: str) -> str:
    return f"<{prefix}:{operation}Response/>"


def system_time(at: datetime | None) -> str:
    """The camera's clock; None: it tells that there is one, and not what it shows."""
    utc = "" if at is None else f"<tt:UTCDateTime>{_time(at)}</tt:UTCDateTime>"
    told = f"<tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>{utc}"
    return (
        f"<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime>{told}</tds:SystemDateAndTime>"
        "</tds:GetSystemDateAndTimeResponse>"
    )


def _time(at: datetime) -> str:
    return (
        f"<tt:Time><tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute><tt:Second>{at.second}</tt:Second>"
        f"</tt:Time><tt:Date><tt:Year>{at.year}</tt:Year><tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day>"
        "</tt:Date>"
    )


def services(base: str, lacks: set[str]) -> str:
    listed = "".join(
        f"<tds:Service><tds:Namespace>{namespace}</tds:Namespace><tds:XAddr>{base}/onvif/{path}</tds:XAddr>"
        "<tds:Version><tt:Major>2</tt:Major><tt:Minor>42</tt:Minor></tds:Version></tds:Service>"
        for namespace, path in SERVICES.items()
        if path not in lacks
    )
    return f"<tds:GetServicesResponse>{listed}</tds:GetServicesResponse>"


def profiles(with_ptz: bool) -> str:
    def one(token: str, name: str) -> str:
        motor = (
            '<tt:PTZConfiguration token="motor"><tt:Name>motor</tt:Name><tt:UseCount>1</tt:UseCount>'
            "<tt:NodeToken>node</tt:NodeToken></tt:PTZConfiguration>"
            if with_ptz
            else ""
        )
        return (
            f'<trt:Profiles token="{token}" fixed="true"><tt:Name>{name}</tt:Name>'
            '<tt:VideoSourceConfiguration token="vsc"><tt:Name>vsc</tt:Name><tt:UseCount>1</tt:UseCount>'
            '<tt:SourceToken>sensor</tt:SourceToken><tt:Bounds x="0" y="0" width="320" height="240"/>'
            "</tt:VideoSourceConfiguration>"
            '<tt:VideoEncoderConfiguration token="vec"><tt:Name>vec</tt:Name><tt:UseCount>1</tt:UseCount>'
            "<tt:Encoding>JPEG</tt:Encoding><tt:Resolution><tt:Width>320</tt:Width><tt:Height>240</tt:Height>"
            f"</tt:Resolution><tt:Quality>5</tt:Quality></tt:VideoEncoderConfiguration>{motor}</trt:Profiles>"
        )

    return f"<trt:GetProfilesResponse>{one('p1', 'main')}{one('p2', 'small')}</trt:GetProfilesResponse>"


def stream_uri(uri: str) -> str:
    return (
        f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{escape(uri)}</tt:Uri>"
        "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>"
        "<tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>"
    )


def presets(known: Mapping[str, Place], with_positions: bool) -> str:
    def one(number: int, name: str, place: Place) -> str:
        where = f"<tt:PTZPosition>{_place(place)}</tt:PTZPosition>" if with_positions else ""
        return f'<tptz:Preset token="t{number}"><tt:Name>{escape(name)}</tt:Name>{where}</tptz:Preset>'

    listed = "".join(one(number, *preset) for number, preset in enumerate(known.items()))
    return f"<tptz:GetPresetsResponse>{listed}</tptz:GetPresetsResponse>"


def status(place: Place | None, moving: bool | None) -> str:
    where = "" if place is None else f"<tt:Position>{_place(place)}</tt:Position>"
    does = "MOVING" if moving else "IDLE"
    moves = "" if moving is None else f"<tt:MoveStatus><tt:PanTilt>{does}</tt:PanTilt></tt:MoveStatus>"
    return (
        f"<tptz:GetStatusResponse><tptz:PTZStatus>{where}{moves}<tt:UtcTime>2026-11-03T01:00:00Z</tt:UtcTime>"
        "</tptz:PTZStatus></tptz:GetStatusResponse>"
    )


def _place(place: Place) -> str:
    return f'<tt:PanTilt x="{place[0]:.4f}" y="{place[1]:.4f}" space="{SPACE}"/>'


def imaging(ir_cut: str | None) -> str:
    told = "" if ir_cut is None else f"<tt:IrCutFilter>{ir_cut}</tt:IrCutFilter>"
    settings = f"<timg:ImagingSettings><tt:Brightness>50</tt:Brightness>{told}</timg:ImagingSettings>"
    return f"<timg:GetImagingSettingsResponse>{settings}</timg:GetImagingSettingsResponse>"


def subscription(address: str) -> str:
    return (
        "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>"
        f"{address}</wsa:Address></tev:SubscriptionReference><wsnt:CurrentTime>2026-11-03T01:00:00Z</wsnt:CurrentTime>"
        "<wsnt:TerminationTime>2026-11-03T01:00:10Z</wsnt:TerminationTime></tev:CreatePullPointSubscriptionResponse>"
    )


def messages(inputs: Mapping[str, bool]) -> str:
    """Each input's state, and one message of something else."""

    def one(topic: str, source: str, data: str) -> str:
        return (
            '<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">'
            f'{topic}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="2026-11-03T01:00:00Z"'
            f' PropertyOperation="Initialized"><tt:Source>{source}</tt:Source><tt:Data>{data}</tt:Data></tt:Message>'
            "</wsnt:Message></wsnt:NotificationMessage>"
        )

    def item(name: str, value: str) -> str:
        return f'<tt:SimpleItem Name="{name}" Value="{value}"/>'

    told = one("tns1:VideoSource/MotionAlarm", item("Source", "sensor"), item("State", "true"))
    told += "".join(
        one("tns1:Device/Trigger/DigitalInput", item("InputToken", token), item("LogicalState", str(on).lower()))
        for token, on in inputs.items()
    )
    return (
        "<tev:PullMessagesResponse><tev:CurrentTime>2026-11-03T01:00:00Z</tev:CurrentTime>"
        f"<tev:TerminationTime>2026-11-03T01:00:10Z</tev:TerminationTime>{told}</tev:PullMessagesResponse>"
    )
