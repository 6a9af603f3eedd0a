"""Takes a secret through its whole life with boto3. The environment names the endpoint."""

import json
from datetime import datetime, timedelta, timezone

import boto3

client = boto3.client("secretsmanager")
errors = client.exceptions
ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"


def same(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def bare(response):
    return {key: value for key, value in response.items() if key != "ResponseMetadata"}


def refuses(error, message, call, **parameters):
    try:
        call(**parameters)
    except error as refusal:
        assert message in refusal.response["Error"]["Message"], refusal
        same(refusal.response["ResponseMetadata"]["HTTPStatusCode"], 400)
    else:
        raise AssertionError(f"It was not refused with {error.__name__}.")


def pages(call, **parameters):
    """boto3 has a paginator only for list_secrets."""
    page = call(**parameters)
    yield page
    if "NextToken" in page:
        yield from pages(call, **{**parameters, "NextToken": page["NextToken"]})


created = client.create_secret(Name="db", SecretBinary=b"\x00\xff", ClientRequestToken=ONE)
named = {"ARN": created["ARN"], "Name": "db"}
same(bare(created), {**named, "VersionId": ONE})
same(client.get_secret_value(SecretId="db")["SecretBinary"], b"\x00\xff")
refuses(errors.ResourceExistsException, "the secret db already exists", client.create_secret, Name="db", SecretString="x")

pending = client.put_secret_value(
    SecretId="db", SecretString="two", ClientRequestToken=TWO, VersionStages=["AWSPENDING"]
)
same(bare(pending), {**named, "VersionId": TWO, "VersionStages": ["AWSPENDING"]})
move = {"SecretId": "db", "VersionStage": "AWSCURRENT", "MoveToVersionId": TWO}
refuses(
    errors.InvalidParameterException,
    f"currently attached to version {ONE}",
    client.update_secret_version_stage,
    **move,
)
same(bare(client.update_secret_version_stage(**move, RemoveFromVersionId=ONE)), named)
current = client.get_secret_value(SecretId=created["ARN"])
same((current["SecretString"], current["VersionStages"]), ("two", ["AWSCURRENT", "AWSPENDING"]))
assert datetime.now(timezone.utc) - current["CreatedDate"] < timedelta(minutes=10), current

same(
    [
        (version["VersionId"], version["VersionStages"])
        for page in pages(client.list_secret_version_ids, SecretId="db", MaxResults=1)
        for version in page["Versions"]
    ],
    [(ONE, ["AWSPREVIOUS"]), (TWO, ["AWSCURRENT", "AWSPENDING"])],
)

client.tag_resource(SecretId="db", Tags=[{"Key": "team", "Value": "shop"}, {"Key": "old", "Value": ""}])
client.untag_resource(SecretId="db", TagKeys=["old"])
policy = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*"}})
same(bare(client.put_resource_policy(SecretId="db", ResourcePolicy=policy)), named)
same(bare(client.get_resource_policy(SecretId="db")), {**named, "ResourcePolicy": policy})
refuses(
    errors.PublicPolicyException,
    "broad access",
    client.put_resource_policy,
    SecretId="db",
    ResourcePolicy=policy,
    BlockPublicPolicy=True,
)
described = client.describe_secret(SecretId="db")
same(described["Tags"], [{"Key": "team", "Value": "shop"}])
same(described["VersionIdsToStages"], {ONE: ["AWSPREVIOUS"], TWO: ["AWSCURRENT", "AWSPENDING"]})

for number in range(5):
    client.create_secret(Name=f"other/{number}", SecretString=str(number))
lists = client.get_paginator("list_secrets").paginate(
    Filters=[{"Key": "name", "Values": ["other/"]}], PaginationConfig={"PageSize": 2}
)
same([len(page["SecretList"]) for page in lists], [2, 2, 1])
batches = list(
    pages(client.batch_get_secret_value, Filters=[{"Key": "name", "Values": ["!db"]}], MaxResults=2)
)
same([len(page["SecretValues"]) for page in batches], [2, 2, 1])
values = sorted(value["SecretString"] for page in batches for value in page["SecretValues"])
same(values, ["0", "1", "2", "3", "4"])
batch = client.batch_get_secret_value(SecretIdList=["missing", "db"])
same([value["SecretString"] for value in batch["SecretValues"]], ["two"])
same([error["ErrorCode"] for error in batch["Errors"]], ["ResourceNotFoundException"])

deleted = client.delete_secret(SecretId="db", RecoveryWindowInDays=7)
assert timedelta(days=6) < deleted["DeletionDate"] - datetime.now(timezone.utc) <= timedelta(days=7), deleted
refuses(errors.InvalidRequestException, "marked for deletion", client.get_secret_value, SecretId="db")
same(bare(client.restore_secret(SecretId="db")), named)
same(client.get_secret_value(SecretId="db")["SecretString"], "two")
client.delete_secret(SecretId="db", ForceDeleteWithoutRecovery=True)
refuses(errors.ResourceNotFoundException, "can't find the specified secret.", client.describe_secret, SecretId="db")
refuses(errors.InvalidRequestException, "No Lambda rotation function", client.cancel_rotate_secret, SecretId="other/0")
print("The secret went through its whole life.")
