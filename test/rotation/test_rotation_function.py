import json, re, subprocess, threading, time, unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import Mock
from urllib.request import urlopen
import boto3
from rotation_function import rotate_password

class Lambda(BaseHTTPRequestHandler):
    log_message = Mock()  # Requests are not logged.
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        try:
            rotate_password(client, database, event)
        except Exception:
            self.send_header("X-Amz-Function-Error", "Unhandled")
        self.end_headers()

database = Mock()
functions = HTTPServer(("127.0.0.1", 0), Lambda)
threading.Thread(target=functions.serve_forever, daemon=True).start()
command = "node_modules/.bin/secret-stages serve --cloud aws-secrets-manager --control --lambda-endpoint"
server = subprocess.Popen([*command.split(), f"http://127.0.0.1:{functions.server_port}"], stdout=subprocess.PIPE, text=True)
url = re.search(r"http:\S+", server.stdout.readline())[0]
unittest.addModuleCleanup(server.terminate)
client = boto3.client("secretsmanager", endpoint_url=url, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any")

class RotationTest(unittest.TestCase):
    def test_keeps_the_old_password_until_the_new_one_works(self):
        client.create_secret(Name="db", SecretString="old password")
        database.log_in.side_effect = RuntimeError("The database refused the password.")
        client.rotate_secret(SecretId="db", RotationLambdaARN="arn:aws:lambda:us-east-1:123456789012:function:rotate")
        urlopen(f"{url}/_control", b'{"tick": true}')
        database.log_in.assert_called_once()
        self.assertEqual(client.get_secret_value(SecretId="db")["SecretString"], "old password")
        database.log_in.side_effect = None
        later = round(time.time() * 1000) + 60_000
        urlopen(f"{url}/_control", b'{"clock": %d, "tick": true}' % later)
        database.set_password.assert_called_with(client.get_secret_value(SecretId="db")["SecretString"])
