"""What an installer writes of an ONVIF camera."""

import pytest

from camera_gateway.cameras import BadCameraAddressError, OnvifAddress, parse_address

SECRET = "tlJwpbo6"
WHOLE = f"onvif://carer:{SECRET}@10.0.0.2/?profile=main&room=by+the+bed&away=wall&lamp=tt:WhiteLight&off_input=button"


def test_an_address_says_who_to_be_what_to_show_and_where_to_look() -> None:
    address = parse_address(WHOLE)
    assert isinstance(address, OnvifAddress)
    assert (address.host, address.port, address.user) == ("10.0.0.2", 80, "carer")
    assert address.password.get_secret_value() == SECRET
    assert (address.profile, address.room, address.away) == ("main", "by the bed", "wall")
    assert (address.lamp, address.off_input) == ("tt:WhiteLight", "button")


@pytest.mark.parametrize("text", ["onvif://10.0.0.2", "onvif://10.0.0.2/", "onvif://10.0.0.2/onvif/device_service"])
def test_everything_but_the_host_may_be_left_out(text: str) -> None:
    address = parse_address(text)
    assert isinstance(address, OnvifAddress)
    assert not address.turns


def test_only_host_and_port_are_shown() -> None:
    address = parse_address(WHOLE)
    assert str(address) == "onvif://10.0.0.2:80/…"
    assert repr([address]) == "[OnvifAddress(onvif://10.0.0.2:80/…)]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("onvif:///?room=bed&away=wall", "names a host"),
        ("onvif://10.0.0.2/stream", "no path"),
        (f"onvif://carer:{SECRET}@10.0.0.2:99999/", "not a valid address"),
        (f"onvif://car%3Aer:{SECRET}@10.0.0.2/", "colon"),
        ("onvif://10.0.0.2/?away=wall", "room=… and away=…"),
        ("onvif://10.0.0.2/?room=bed", "room=… and away=…"),
        ("onvif://10.0.0.2/?room=bed&away=bed", "same preset"),
        ("onvif://10.0.0.2/?room=bed&away=", "not empty"),
        ("onvif://10.0.0.2/?room=bed&room=wall&away=wall", "at most once"),
        (f"onvif://10.0.0.2/?password={SECRET}", "profile, room, away, lamp, off_input"),
        ("onvif://10.0.0.2/?lamp=relay:", "relay output"),
    ],
)
def test_a_bad_address_is_told_what_to_write_instead(text: str, told: str) -> None:
    with pytest.raises(BadCameraAddressError) as caught:
        parse_address(text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)
