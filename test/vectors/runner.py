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
    check(INVALID_VALUE=is_time(request.get("at")) and fits(request.get("name"), rules["secretName"]))
    empty = {"versions": {}, "stages": [], "issued": {"lastNumber": 0, "chosenIds": [], "pruned": 0}}
    secret = {"name": request["name"], "status": "ENABLED", "scheduledDeleteTime": None, **empty}
    if rules["versionsComeLater"] and request.get("versionId", "") is None: return secret
    return apply(rules, secret, {**request, "type": "createVersion"})

def apply(rules, before, action):
    action, state = action if isinstance(action, dict) else {}, copy.deepcopy(before)
    kind, at, stage, version = (action.get(field) for field in ("type", "at", "stage", "versionId"))
    stages, versions, issued = {each["name"]: each for each in state["stages"]}, state["versions"], state["issued"]
    held = next((each["versionId"] for each in state["stages"] if each["name"] == stage), None)
    is_enabled = state["status"] == "ENABLED"
    is_on, marked = action.get("from", held) == held, [each["versionId"] for each in state["stages"]]
    age, current, previous = operator.itemgetter("createTime", "ordinal"), rules["currentStage"], rules["previousStage"]
    deprecated = [each["id"] for each in sorted(versions.values(), key=age) if each["id"] not in marked]
    def move(name, to): stages[name] = {"name": name, "versionId": to, "updateTime": at}
    if kind in ("createVersion", "assignStage", "removeStage"):
        never_rests = rules["stagesNeverRest"] and kind != "createVersion"
        check(SECRET_NOT_ENABLED=is_enabled or never_rests, INVALID_VALUE=is_time(at))
    if kind == "createVersion":
        prefix, last, chosen = rules["versionIdPrefix"], issued["lastNumber"], issued["chosenIds"]
        listed, version = action.get("stages"), action.get("versionId", f"{prefix}{last + 1}")
        has_list, mark, there = "stages" in action, action.get("fingerprint", "none"), versions.get(str(version), {})
        is_of_series = fits(version, re.escape(prefix) + "[1-9][0-9]*") and int(version[len(prefix):]) <= last
        check(INVALID_VALUE=fits(version, rules["versionId"]) and fits(mark, r"[\s\S]{1,256}"))
        repeats = "fingerprint" in action and there.get("fingerprint") == mark
        if rules["repeatedIdChangesNothing"] and repeats: return state
        check(VERSION_ID_TAKEN=not (is_of_series or version in chosen))
        check(INVALID_VALUE=not has_list or isinstance(listed, list) and (listed or not rules["emptyListIsRefused"]))
        is_current = not has_list or rules["firstVersionIsCurrent"] and last + len(chosen) == 0
        taken = (listed or []) + ([current] if is_current and current else [])
        check(INVALID_VALUE=all(fits(name, rules["stageName"]) for name in taken))
        check(STAGE_LIST_LIMIT=not has_list or len(listed) <= rules["stageListLimit"])
        for name in [] if has_list else rules["clearedStages"]: stages.pop(name, None)
        follows = not has_list or rules["previousFollowsListedCurrent"] and current in listed
        if follows and previous and current in stages: move(previous, stages[current]["versionId"])
        for name in taken: move(name, version)
    elif kind == "assignStage":
        check(INVALID_VALUE=held or fits(stage, rules["stageName"]), UNKNOWN_VERSION=version in list(versions))
        needs_holder = rules["movesNeedHolder"] and "from" not in action and held not in (None, version)
        check(WRONG_HOLDER=is_on, HOLDER_NOT_NAMED=not needs_holder)
        check(DEPRECATED_VERSION=version in marked or not rules["deprecatedIsFinal"])
        if held == version and rules["repeatKeepsTime"]: return state
        if rules["previousFollowsMove"] and stage == current and held not in (None, version): move(previous, held)
        move(stage, version)
    elif kind == "removeStage":
        can_go = stage not in rules["builtInStages"] or stage in rules["removableStages"]
        check(BUILT_IN_STAGE=can_go, UNKNOWN_STAGE=held, WRONG_HOLDER=is_on)
        del stages[stage]
    elif kind == "pruneDeprecated":
        check(SECRET_NOT_ENABLED=is_enabled or not rules["pruningNeedsEnabled"])
        keep, since = action.get("keep", 0), action.get("createdBefore", math.inf)
        check(INVALID_VALUE=is_whole(keep, 0, 2**53 - 1) and (since == math.inf or is_time(since)))
        for id in [] if rules["deprecatedStay"] else deprecated[:max(0, len(deprecated) - int(keep))]:
            if versions[id]["createTime"] < since: del versions[id]
    elif kind == "scheduleDeletion":
        window, day = rules["recoveryWindowInDays"], 86_400_000
        check(ACTION_NOT_OFFERED=window, DELETION_ALREADY_SCHEDULED=state["status"] != "PENDING_DELETE")
        check(SECRET_NOT_ENABLED=is_enabled or not rules["deletionNeedsEnabled"])
        days = action.get("recoveryWindowInDays", window["usual"])
        check(INVALID_VALUE=is_whole(days, window["least"], window["most"]))
        check(INVALID_VALUE=is_time(at) and is_time(at + days * day))
        state.update(status="PENDING_DELETE", scheduledDeleteTime=at + days * day)
    elif kind == "restore":
        check(DELETION_NOT_SCHEDULED=state["status"] == "PENDING_DELETE", INVALID_VALUE=is_time(at))
        state.update(status="ENABLED", scheduledDeleteTime=None)
    else:
        check(UNKNOWN_ACTION=kind == "setStatus", SECRET_NOT_ENABLED=state["status"] != "PENDING_DELETE")
        settable = [status for status in rules["statuses"] if status != "PENDING_DELETE"]
        check(INVALID_VALUE=is_time(at) and action.get("status") in settable)
        state["status"] = action["status"]
    count, had = len(set(stages) - set(rules["freeStages"])), {each["name"] for each in before["stages"]}
    has_room = count <= rules["stageLimit"] or set(stages) <= had
    check(**{"STAGE_LIST_LIMIT" if "stages" in action else "STAGE_LIMIT": has_room})
    state["stages"] = [stages[name] for name in sorted(stages)]
    if kind == "createVersion":
        if rules["versionLimit"] is not None and len(versions) >= rules["versionLimit"]:
            check(VERSION_LIMIT=deprecated and not rules["versionLimitIsHard"])
            stay = (rules["deprecatedStayInHours"] or -math.inf) * 3_600_000
            check(VERSION_LIMIT=at >= versions[deprecated[0]]["createTime"] + stay)
            del versions[deprecated[0]]
        versions[version] = {"id": version, "createTime": at, "ordinal": last + len(chosen) + 1}
        if "fingerprint" in action: versions[version]["fingerprint"] = mark
        chosen.append(version)
        while (following := f'{prefix}{issued["lastNumber"] + 1}') in chosen:  # Ids chosen ahead join the series.
            issued["lastNumber"], _ = issued["lastNumber"] + 1, chosen.remove(following)
    issued["pruned"] = issued["lastNumber"] + len(issued["chosenIds"]) - len(versions)
    return state

def fault(rules, case):  # What differs, or nothing.
    rules, state, steps = {**rules, **case.get("rules", {})}, case.get("before"), case.get("steps", [])
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
for path in sorted(HERE.rglob("*.json")):
    file = json.loads(path.read_text("utf-8"))
    folder = next(folder for folder in path.parents if (folder / "rules.json").exists())  # That of the dialect.
    rules = json.loads((folder / "rules.json").read_text("utf-8"))
    mine = [case for case in file.get("cases", file.get("histories", [])) if "parse" not in case]
    failures += (bad := [f"{case['id']}\n      {why}" for case in mine if (why := fault(rules, case))])
    if mine: print(f"{path.relative_to(HERE)}: {len(mine) - len(bad)} of {len(mine)} pass", *bad, sep="\n  fails: ")
sys.exit(len(failures) > 0)
