"""Holds an implementation of secrets to the vectors beside it: python3 runner.py. README.md explains their format.
All before `fault` is one, in dicts: put yours in place of create and apply, which return a state or raise Refused."""
import copy, json, math, operator, pathlib, re, sys
class Refused(Exception): pass
def check(**refusals):  # In the order of writing: the first that does not hold is the reason.
    for code in [code for code, holds in refusals.items() if not holds]: raise Refused(code)
def is_whole(value, least, most):  # A bool is an int in Python, and 5.0 is a whole number in JSON.
    return type(value) in (int, float) and least <= value <= most and value % 1 == 0
def is_time(value): return is_whole(value, 0, 864 * 10**13)
def fits(value, pattern):  # Lengths are in units of UTF-16, in which what is above \uffff takes two.
    text = re.sub("[^\0-\uffff]", "\ud800\udc00", value) if isinstance(value, str) else None
    return text is not None and re.fullmatch(pattern, text, re.DOTALL | re.ASCII) is not None
def number_of(id, prefix):  # That of an id of the series, and 0 of any other.
    return int(id[len(prefix):]) if re.fullmatch(re.escape(prefix) + "[1-9][0-9]*", id) else 0
def create(dialect, request):
    check(INVALID_VALUE=is_time(request.get("at")) and fits(request.get("name"), dialect["secret"]["name"]))
    secret = {"name": request["name"], "dialect": dialect["id"], "status": "ENABLED", "scheduledDeleteTime": None}
    secret.update(versions={}, stages=[], versionsMade=0, lastNumber=0)
    if request.get("versionId", "") is None and dialect["secret"]["firstVersion"] != "at-creation": return secret
    return apply(dialect, secret, {**request, "type": "createVersion"})

def apply(dialect, before, action):
    action, state = action if isinstance(action, dict) else {}, copy.deepcopy(before)
    check(WRONG_DIALECT=before["dialect"] == dialect["id"], INVALID_VALUE=type(action.get("type")) == str)
    of_secret, of_stages, of_versions = dialect["secret"], dialect["stages"], dialect["versions"]
    kind, at, stage, version = (action.get(field) for field in ("type", "at", "stage", "versionId"))
    stages, versions = {each["name"]: each for each in state["stages"]}, state["versions"]
    held = next((each["versionId"] for each in state["stages"] if each["name"] == stage), None)
    is_on, marked = action.get("from", held) == held, [each["versionId"] for each in state["stages"]]
    has_list, lists, named = "stages" in action, of_versions["lists"], action.get("from", "")
    current, previous, age = of_stages["current"], of_stages["previous"], operator.itemgetter("createTime", "ordinal")
    deprecated = [each["id"] for each in sorted(versions.values(), key=age) if each["id"] not in marked]
    def move(name, to): stages[name] = {"name": name, "versionId": to, "updateTime": at}
    if kind in ("createVersion", "assignStage", "removeStage"):
        check(SECRET_NOT_ENABLED=state["status"] == "ENABLED", INVALID_VALUE=is_time(at))
    if kind == "createVersion":
        listed, prefix, last = action.get("stages"), of_versions["idPrefix"], state["lastNumber"]
        version, mark = action.get("versionId", f"{prefix}{last + 1}"), action.get("fingerprint", "none")
        check(INVALID_VALUE=fits(version, of_versions["id"]) and number_of(version, prefix) <= 10**15)
        old, is_empty = versions.get(version, {}), action.get("withoutValue", False)
        check(INVALID_VALUE=type(is_empty) == bool and (of_versions["mayAwaitValue"] or not is_empty))
        check(INVALID_VALUE=fits(mark, ".{1,256}") and not (is_empty and "fingerprint" in action))
        awaits, is_same = "withoutValue" in old, "fingerprint" in action and old.get("fingerprint") == mark
        if of_versions["repeatedId"] == "ignored" and (awaits if is_empty else is_same): return state
        gets_value, is_taken = awaits and not is_empty, old or 0 < number_of(version, prefix) <= last
        rotated, live = (stages.get(of_stages[each], {}).get("versionId") for each in ("pending", "current"))
        check(VERSION_ID_TAKEN=gets_value or not is_taken, ROTATION_INCOMPLETE=not is_empty or rotated in (None, live))
        check(INVALID_VALUE=not has_list or isinstance(listed, list) and len(listed) >= lists["least"])
        is_first = of_secret["firstVersion"].endswith("is-current") and state["versionsMade"] == 0 and not is_empty
        taken = (listed or []) + ([current] if current and (is_first or not has_list) else [])
        check(INVALID_VALUE=all(fits(name, of_stages["name"]) for name in taken))
        check(STAGE_LIST_LIMIT=not has_list or len(listed) <= lists["most"])
        if not has_list: stages.pop(of_stages["pending"], None)
        follows = not has_list or current in listed and of_stages["previousFollows"] != "plain-version"
        if follows and previous and live not in (None, version): move(previous, live)
        for name in taken: move(name, version)
    elif kind == "assignStage":
        is_named = held or fits(stage, of_stages["name"])
        check(INVALID_VALUE=is_named and type(version) == str and (named is None or type(named) == str))
        is_elsewhere, is_free = held not in (None, version), of_stages["move"] == "free" or "from" in action
        check(UNKNOWN_VERSION=version in versions, WRONG_HOLDER=is_on, HOLDER_NOT_NAMED=is_free or not is_elsewhere)
        follows = of_stages["previousFollows"] == "any-move" and previous and stage == current
        if follows and is_elsewhere: move(previous, held)
        move(stage, version)
    elif kind == "removeStage":
        can_go = stage not in (current, None if of_stages["previousIsRemovable"] else previous)
        check(INVALID_VALUE=type(stage) == type(named) == str)
        check(BUILT_IN_STAGE=can_go, UNKNOWN_STAGE=held, WRONG_HOLDER=is_on)
        del stages[stage]
    elif kind == "pruneDeprecated":
        keep, since = action.get("keep", 0), action.get("createdBefore", math.inf)
        check(INVALID_VALUE=is_whole(keep, 0, 2**53 - 1) and (since == math.inf or is_time(since)))
        for id in deprecated[:max(0, len(deprecated) - int(keep))] if of_versions["prune"] == "deletes" else []:
            if versions[id]["createTime"] < since: del versions[id]
    elif kind == "scheduleDeletion":
        span, day = of_secret["deletionDays"], 86_400_000
        check(ACTION_NOT_OFFERED=span, DELETION_ALREADY_SCHEDULED=state["status"] != "PENDING_DELETE")
        days = action.get("recoveryWindowInDays", span["usual"])
        check(INVALID_VALUE=is_whole(days, span["least"], span["most"]) and is_time(at) and is_time(at + days * day))
        state.update(status="PENDING_DELETE", scheduledDeleteTime=at + days * day)
    elif kind == "restore":
        check(DELETION_NOT_SCHEDULED=state["status"] == "PENDING_DELETE", INVALID_VALUE=is_time(at))
        state.update(status="ENABLED", scheduledDeleteTime=None)
    else:
        check(UNKNOWN_ACTION=kind == "setStatus", SECRET_NOT_ENABLED=state["status"] != "PENDING_DELETE")
        check(INVALID_VALUE=is_time(at) and action.get("status") in ["ENABLED", *of_secret["pausedAs"]])
        state["status"] = action["status"]
    built_in = {current, previous, of_stages["pending"]} if of_stages["limitCounts"] == "custom" else set()
    count, had = len(set(stages) - built_in), {each["name"] for each in before["stages"]}
    has_room = count <= of_stages["limit"] or set(stages) <= had
    check(**{"STAGE_LIST_LIMIT" if has_list else "STAGE_LIMIT": has_room})
    state["stages"] = sorted(stages.values(), key=lambda stage: stage["name"].encode("utf-16-be", "surrogatepass"))
    if kind == "createVersion":
        limit, ordinal = of_versions["limit"], old["ordinal"] if gets_value else state["versionsMade"] + 1
        if limit and len(versions) >= limit["most"] and not gets_value:
            check(VERSION_LIMIT=deprecated and limit["whenFull"] != "refuse")
            spared = limit.get("sparedHours", -math.inf) * 3_600_000
            check(VERSION_LIMIT=at >= versions[deprecated[0]]["createTime"] + spared)
            del versions[deprecated[0]]
        state.update(versionsMade=max(ordinal, state["versionsMade"]), lastNumber=max(last, number_of(version, prefix)))
        versions[version] = {"id": version, "createTime": old["createTime"] if gets_value else at, "ordinal": ordinal}
        if "fingerprint" in action: versions[version]["fingerprint"] = mark
        if is_empty: versions[version]["withoutValue"] = True
    return state

def fault(dialect, case):  # What differs, or nothing.
    dialect = {**dialect, **{group: {**dialect[group], **changes} for group, changes in case.get("rules", {}).items()}}
    state, steps = case.get("before"), case.get("steps", [])
    actions = case.get("actions", [case.get("action", case.get("create"))]) + [step["do"] for step in steps]
    expected = [case.get("refused")] + [step.get("refused") for step in steps]  # A history tells of every step.
    if "before" in case:  # Otherwise all is done, or all up to the refusal.
        expected = [None] * case.get("index", len(actions) - 1) + [case.get("refusal", {}).get("code")]
    for action, code in zip(actions, expected):
        before = copy.deepcopy(state)
        try: after, answer = apply(dialect, state, action) if state else create(dialect, action), None
        except Refused as refusal: after, answer = state, str(refusal)
        if state != before: return f"{action} changed the state that it was given"
        if answer != code: return f"{action} is {answer or 'done'}, and must be {code or 'done'}"
        state = after
    return None if state == case.get("end", case.get("after", state)) else f"afterwards it is {json.dumps(state)}"
HERE, failures = pathlib.Path(__file__).parent, []
for path in sorted(HERE.rglob("*.json")):
    file = json.loads(path.read_text("utf-8"))
    folder = next(folder for folder in path.parents if (folder / "dialect.json").exists())
    dialect = json.loads((folder / "dialect.json").read_text("utf-8"))
    mine = [case for case in file.get("cases", file.get("histories", [])) if "parse" not in case]
    failures += (bad := [f"{case['id']}\n      {why}" for case in mine if (why := fault(dialect, case))])
    if mine: print(f"{path.relative_to(HERE)}: {len(mine) - len(bad)} of {len(mine)} pass", *bad, sep="\n  fails: ")
sys.exit(len(failures) > 0)
