"""Plays recorded calls of AWS Secrets Manager on an endpoint: python3 runner.py http://127.0.0.1:4566
README.md explains the format. Exits with 1 if an answer differs from what AWS answered."""
import argparse, json, pathlib, re, sys, time, urllib.error, urllib.request, uuid

options = argparse.ArgumentParser(description="Plays recorded calls of AWS Secrets Manager on an endpoint.")
options.add_argument("endpoint", help="such as http://127.0.0.1:4566")
options.add_argument("--region", default="us-east-1", help="the region in the credentials: us-east-1 by default")
options.add_argument("--function", help="the ARN of a rotation function; if omitted, rotations are skipped")
options = options.parse_args()
RUN = f"run-{uuid.uuid4().hex[:8]}-"  # Begins the names of secrets, so that no run meets those of another.
PLACEHOLDER, ARN = r"\{\{([a-z0-9-]+)\}\}", r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:(.*)-[A-Za-z0-9]{6}"
SCOPE = f"Credential=any/20260101/{options.region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=0"

def send(operation, body):  # The status and the text of the answer.
    headers = {"X-Amz-Target": f"secretsmanager.{operation}", "Content-Type": "application/x-amz-json-1.1"}
    headers["Authorization"] = f"AWS4-HMAC-SHA256 {SCOPE}"
    request = urllib.request.Request(options.endpoint, body.encode(), headers)
    try: answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error: answer = error
    except urllib.error.URLError as error: sys.exit(f"{options.endpoint} cannot be reached: {error.reason}")
    return answer.status, answer.read().decode()

def answer_of(status, text):
    try: body = json.loads(text or "{}")  # A success without fields may have no body at all.
    except ValueError: body = {"text that is not JSON": text}
    if status == 200: return {"status": status, "body": body}
    body = body if isinstance(body, dict) else {}
    error = {"type": body.get("__type", "").split("#")[-1], "message": body.get("Message", body.get("message"))}
    return {"status": status, "error": error}

def filled(value, values):  # JSON with its placeholders replaced by their values, as far as these are known.
    def of(match):
        if re.match("(version|token)-", match[1]): values.setdefault(match[1], str(uuid.uuid4()))
        return values.get(match[1], match[0])
    return re.sub(PLACEHOLDER, of, json.dumps(value))

def bind(found, expected, values):  # The first answer with an ARN gives it its value.
    match, arn = re.fullmatch(PLACEHOLDER, expected.get("ARN", "")), str(found.get("ARN"))
    fits = re.fullmatch(ARN, arn)
    if match and match[1] not in values and fits and arn not in values.values():
        if fits[1] == json.loads(filled(expected["Name"], values)):
            values.update({match[1]: arn, f"{match[1]}-partial": arn[:-7]})

def ordered(items):  # The recorder sorted stages and versions, so their order is unknown. That of tags stays.
    return sorted(items, key=lambda item: str(item.get("VersionId")) if isinstance(item, dict) else str(item))

def show(value): return json.dumps(value, ensure_ascii=False, separators=(",", ":"))[:300]

def differences(found, expected, path=""):
    if expected == "{{time}}":
        return [] if type(found) in (int, float) else [f"{path} is {show(found)}, and not a number"]
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        found, expected = dict(enumerate(ordered(found))), dict(enumerate(ordered(expected)))
    if not isinstance(found, dict) or not isinstance(expected, dict):
        same = type(found) == type(expected) and found == expected
        return [] if same else [f"{path} is {show(found)}; AWS answered {show(expected)}"]
    result, found = [], {key: value for key, value in found.items() if value is not None}
    for key in {**expected, **found}:
        inner = f"{path}.{key}".lstrip(".")
        if key not in found: result.append(f"{inner} is missing; AWS answered {show(expected[key])}")
        elif key not in expected: result.append(f"{inner} is {show(found[key])}; AWS did not answer it")
        else: result += differences(found[key], expected[key], inner)
    return result

def play(step, values):  # What differs, one sentence each.
    body = filled(step["request"], values)
    if unknown := re.search(PLACEHOLDER, body): return [f"the request needs {unknown[0]}, which no answer gave"]
    found = answer_of(*send(step["operation"], body))
    if "answer" not in step: return []
    if isinstance(found.get("body"), dict): bind(found["body"], step["answer"].get("body", {}), values)
    expected = json.loads(filled(step["answer"], values))
    if (found["status"] == 200) != (expected["status"] == 200):
        return [f"the answer is {show(found)}; AWS answered {show(expected)}"]
    return differences(found, expected)

file = json.loads((pathlib.Path(__file__).parent / "recorded.json").read_text("utf-8"))
results = []  # One for each recorded answer: whether it is the same here.
for sequence in file["sequences"]:
    if "rotation" in sequence["flags"] and not options.function:
        print(f"{sequence['id']}: skipped, because it needs --function")
        continue
    values, lines, own = {"run": RUN, "function": options.function}, [], []
    for number, step in enumerate(sequence["steps"], 1):
        for attempt in range(step.get("attempts", 1)):
            if attempt: time.sleep(1)
            if not (found := play(step, values)): break
        lines += [f"  step {number}, {step['operation']}: {text}" for text in found]
        own += [not found] if "answer" in step else []
    print(f"{sequence['id']}: {sum(own)} of {len(own)} answers are those of AWS", *lines, sep="\n")
    results += own
print(f"{sum(results)} of {len(results)} answers are those of AWS")
sys.exit(not all(results))
