"""What the real firmware keeps on the broker, captured, and what Home Assistant makes of it.

`retained.jsonl` is what a broker sends to who comes later of a window that `./scripts/simulate firmware` plays:
    mosquitto_sub -t 'window/+/announce' -t 'window/+/availability' -t 'window/+/state' -F '%j'
`seen.json` holds device, entities, states and diagnostics. The oldest Home Assistant that hacs.json allows (the test
harness) and the newest (the real one) must both show exactly that. SMART_WINDOW_UPDATE=1 writes it anew.
"""
