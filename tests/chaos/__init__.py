"""Kill one part after the other in the middle of a night, on the wall clock, and see that nothing is lost or twice.

- `homes.py`: a unit whose rules and windows are seconds, and whose slots lie ahead within seconds
- `people.py`: night staff and patrol at the desk, in the test's own process
- `night.py`: the parts as processes on a real NATS and a real database; killing them and beginning them again
- `holds.py`: what must hold when the night is over
"""
