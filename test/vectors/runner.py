"""Holds an implementation of secrets to the vectors beside it: python3 runner.py. README.md explains their format.
All before `fault` is one, in dicts: put yours in place of create and apply, which answer a state or raise Refused."""
import copy, json, math, operator, pathlib, re, sys
class Refused(Exception): pass
def check(**refusals):  # In the order of writing: the first that does not hold is the reason.
    for code in [code for code, holds in refusals.items() if not holds]: raise Refused(code)
def is_whole(value, least, most):  # A bool is an int in Python, and 5.0 is a whole number in JSON.
    return type(value) in (int, float) and least <= value <= most and value % 1 == 0
def is_time(value): return is_whole(value, 0, 864 * 10**13)
def fits(value, pattern):  # Lengths are in units of UTF-16, in which what is above \uffff takes two.
    return isinstance(value, str) and re.fullmatch(pattern, re.sub("[^\0-\uffff]", "\ud800\udc00", value)) is not None
def create(rules, request):
    check(INVALID_VALUE=fits(request.get("name"), rules["secretName"]))
    empty = {"versions": {}, "stages": [], "issued": {"lastNumber": 0, "chosenIds": [], "pruned": 0}}
    secret = {"name": request["name"], "status": "ENABLED", "scheduledDeleteTime": None, **empty}
    return apply(rules, secret, {**request, "type": "createVersion"})

def apply(rules, before, action):
    action, state = action if isinstance(action, dict) else {}, copy.deepcopy(before)
    kind, at, stage, version = (action.get(field) for field in ("type", "at", "stage", "versionId"))
    stages, versions, issued = {each["name"]: each for each in state["stages"]}, state["versions"], state["issued"]
    held = next((each["versionId"] for each in state["stages"] if each["name"] == stage), None)
    is_on, marked = action.get("from", held) == held, [each["versionId"] for each in state["stages"]]
    age, most = operator.itemgetter("createTime", "ordinal"), max(len(before["stages"]), rules["stageLimit"])
    deprecated = [each["id"] for each in sorted(versions.values(), key=age) if each["id"] not in marked]
    def move(name, to): stages[name] = {"name": name, "versionId": to, "updateTime": at}
    if kind in ("createVersion", "assignStage", "removeStage"):
        check(SECRET_NOT_ENABLED=state["status"] == "ENABLED", INVALID_VALUE=is_time(at))
    if kind == "createVersion":
        prefix, last, chosen = rules["versionIdPrefix"], issued["lastNumber"], issued["chosenIds"]
        listed, version = action.get("stages", [rules["currentStage"]]), action.get("versionId", f"{prefix}{last + 1}")
        is_of_series = fits(version, re.escape(prefix) + "[1-9][0-9]*") and int(version[len(prefix):]) <= last
        check(INVALID_VALUE=fits(version, rules["versionId"]), VERSION_ID_TAKEN=not (is_of_series or version in chosen))
        check(INVALID_VALUE=isinstance(listed, list) and all(fits(name, rules["stageName"]) for name in listed))
        check(STAGE_LIST_LIMIT="stages" not in action or len(listed) <= rules["stageListLimit"])
        if "stages" not in action and rules["currentStage"] in stages:
            move(rules["previousStage"], stages[rules["currentStage"]]["versionId"])
        for name in listed: move(name, version)
    elif kind == "assignStage":
        check(INVALID_VALUE=held or fits(stage, rules["stageName"]), UNKNOWN_VERSION=version in list(versions))
        check(WRONG_HOLDER=is_on)
        move(stage, version)
    elif kind == "removeStage":
        check(BUILT_IN_STAGE=stage not in rules["builtInStages"], UNKNOWN_STAGE=held, WRONG_HOLDER=is_on)
        del stages[stage]
    elif kind == "pruneDeprecated":
        keep, since = action.get("keep", 0), action.get("createdBefore", math.inf)
        check(INVALID_VALUE=is_whole(keep, 0, 2**53 - 1) and (since == math.inf or is_time(since)))
        for id in deprecated[:max(0, len(deprecated) - int(keep))]:
            if versions[id]["createTime"] < since: del versions[id]
    elif kind == "scheduleDeletion":
        window, day = rules["recoveryWindowInDays"], 86_400_000
        days = action.get("recoveryWindowInDays", window["usual"])
        has_time = is_whole(days, window["least"], window["most"]) and is_time(at) and is_time(at + days * day)
        check(DELETION_ALREADY_SCHEDULED=state["status"] != "PENDING_DELETE", INVALID_VALUE=has_time)
        state.update(status="PENDING_DELETE", scheduledDeleteTime=at + days * day)
    elif kind == "restore":
        check(DELETION_NOT_SCHEDULED=state["status"] == "PENDING_DELETE", INVALID_VALUE=is_time(at))
        state.update(status="ENABLED", scheduledDeleteTime=None)
    else:
        check(UNKNOWN_ACTION=kind == "setStatus", SECRET_NOT_ENABLED=state["status"] != "PENDING_DELETE")
        check(INVALID_VALUE=is_time(at) and action.get("status") in ("ENABLED", "DISABLED", "FROZEN"))
        state["status"] = action["status"]
    check(**{"STAGE_LIST_LIMIT" if "stages" in action else "STAGE_LIMIT": len(stages) <= most})
    state["stages"] = [stages[name] for name in sorted(stages)]
    if kind == "createVersion":
        check(VERSION_LIMIT=len(versions) < rules["versionLimit"] or deprecated)
        if len(versions) >= rules["versionLimit"]: del versions[deprecated[0]]
        versions[version] = {"id": version, "createTime": at, "ordinal": last + len(chosen) + 1}
        chosen.append(version)
        while (following := f'{prefix}{issued["lastNumber"] + 1}') in chosen:  # Ids chosen ahead join the series.
            issued["lastNumber"], _ = issued["lastNumber"] + 1, chosen.remove(following)
    issued["pruned"] = issued["lastNumber"] + len(issued["chosenIds"]) - len(versions)
    return state

def fault(case):  # What differs, or nothing.
    rules, state, steps = {**RULES, **case.get("rules", {})}, case.get("before"), case.get("steps", [])
    actions = case.get("actions", [case.get("action", case.get("create"))]) + [step["do"] for step in steps]
    expected = [case.get("refused")] + [step.get("refused") for step in steps]  # A history tells of every step.
    if "before" in case:  # Otherwise all is done, or all up to the refusal.
        expected = [None] * case.get("index", len(actions) - 1) + [case.get("refusal", {}).get("code")]
    for action, code in zip(actions, expected):
        before = copy.deepcopy(state)
        try: after, answer = apply(rules, state, action) if state else create(rules, action), None
        except Refused as refusal: after, answer = state, str(refusal)
        if state != before: return f"{action} changed the state that it was given"
        if answer != code: return f"{action} is {answer or 'done'}, and must be {code or 'done'}"
        state = after
    return None if state == case.get("end", case.get("after", state)) else f"afterwards it is {json.dumps(state)}"
HERE, failures = pathlib.Path(__file__).parent, []
RULES = json.loads((HERE / "rules.json").read_text("utf-8"))
SWITCHES = {name for name, value in RULES.items() if value in (False, [])}  # What CSMS does not do, this one cannot.
for path in sorted(HERE.rglob("*.json")):
    file = json.loads(path.read_text("utf-8"))
    cases = [case for case in file.get("cases", file.get("histories", [])) if "parse" not in case]
    mine = [case for case in cases if not SWITCHES & set(case.get("rules", {}))]
    failures += (bad := [f"{case['id']}\n      {why}" for case in mine if (why := fault(case))])
    if cases: print(f"{path.relative_to(HERE)}: {len(mine) - len(bad)} of {len(mine)} pass", *bad, sep="\n  fails: ")
sys.exit(len(failures) > 0)
