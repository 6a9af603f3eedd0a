def rotate_password(client, database, event):
    """A rotation function. In AWS Lambda, a handler calls it with its event."""
    arn, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]

    def pending():
        return client.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")["SecretString"]

    if step == "createSecret":
        # A step can be called again. It must not make a second password.
        try:
            pending()
        except client.exceptions.ResourceNotFoundException:
            password = client.get_random_password(ExcludePunctuation=True)["RandomPassword"]
            client.put_secret_value(
                SecretId=arn, ClientRequestToken=token, SecretString=password, VersionStages=["AWSPENDING"]
            )
    elif step == "setSecret":
        database.set_password(pending())
    elif step == "testSecret":
        database.log_in(pending())
    elif step == "finishSecret":
        current = client.get_secret_value(SecretId=arn)["VersionId"]
        if current != token:
            client.update_secret_version_stage(
                SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
            )
