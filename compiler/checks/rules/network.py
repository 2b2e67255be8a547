"""WFC106: the network."""

from __future__ import annotations

from wfc.compiler.checks.calls.externals import is_class
from wfc.compiler.checks.judging.tables import NameRule


class Network(NameRule):
    code = "WFC106"
    name = "network"
    summary = "A workflow talks over the network."
    why = (
        "The call happens again in every replay: a payment is made twice, a message is sent "
        "twice. And its answer may differ from the one that the first run went on with. An "
        "engine retries, times out and records steps only."
    )
    bad = (
        "@workflow\n"
        "def pay(order: str) -> None:\n"
        '    requests.post(f"https://bank.example/charges/{order}")'
    )
    good = (
        '@step(timeout="30s", retry=Retry(ConnectionError))\n'
        "def charge(order: str) -> None:\n"
        '    requests.post(f"https://bank.example/charges/{order}")\n\n'
        "@workflow\n"
        "def pay(order: str) -> None:\n"
        "    charge(order)"
    )
    says = "talks over the network"
    calls = """
        asyncio.open_connection asyncio.start_server asyncio.open_unix_connection
        asyncio.start_unix_server ssl.get_server_certificate
        asyncio.AbstractEventLoop.create_connection asyncio.AbstractEventLoop.create_server
        asyncio.AbstractEventLoop.getaddrinfo
        requests.get requests.post requests.put requests.patch requests.delete requests.head
        requests.options requests.request ssl.create_connection
        logging.handlers.HTTPHandler logging.handlers.SocketHandler logging.handlers.SMTPHandler
        logging.handlers.SysLogHandler logging.handlers.DatagramHandler
        django.core.mail.send_mail django.core.mail.send_mass_mail
    """
    modules = """
        socket socketserver select selectors http.client http.server urllib.request ftplib imaplib
        poplib smtplib nntplib telnetlib xmlrpc xmlrpc.client xmlrpc.server webbrowser wsgiref
        requests httpx aiohttp urllib3 pycurl websockets websocket grpc httplib2 treq
        google.cloud azure openai anthropic cohere mistralai
        stripe twilio slack_sdk slack sendgrid kafka confluent_kafka aiokafka pika aio_pika nats
        paramiko fabric ftputil ldap3 dns.resolver zeep suds kubernetes docker github gitlab
        atlassian jira elasticsearch opensearchpy meilisearch algoliasearch pymsteams telegram
        paho.mqtt zmq hvac consul etcd3 aiosmtplib yagmail imapclient exchangelib asyncssh pysftp
        niquests requests_html curl_cffi hishel gql pulsar celery rq arq huey
        google.generativeai google.genai vertexai googleapiclient gspread firebase_admin
        litellm groq together replicate ollama huggingface_hub tavily exa_py firecrawl
        langchain_openai langchain_anthropic mcp selenium playwright feedparser
        plaid braintree paypalrestsdk adyen easypost shippo square auth0 okta hubspot
        simple_salesforce tweepy praw pusher resend posthog mixpanel ldclient minio oss2 dropbox
    """
    pure = """
        requests.Request requests.PreparedRequest requests.Response requests.auth.*
        requests.utils.quote requests.codes requests.structures.* requests.Session.headers.*
        requests.Session.cookies.* requests.Session.params.* requests.Session.mount
        requests.Session.prepare_request httpx.Client.headers.* httpx.Client.cookies.*
        httpx.Client.event_hooks.* httpx.AsyncClient.headers.* httpx.AsyncClient.cookies.*
        httpx.AsyncClient.event_hooks.* aiohttp.ClientSession.headers.*
        aiohttp.ClientSession.cookie_jar.*
        httpx.URL httpx.Timeout httpx.Limits httpx.QueryParams httpx.Headers httpx.Request
        httpx.BasicAuth httpx.Response
        aiohttp.ClientTimeout aiohttp.BasicAuth aiohttp.FormData
        urllib.request.Request urllib.request.pathname2url urllib.request.url2pathname
        urllib.request.quote urllib.request.unquote urllib.request.unquote_to_bytes
        urllib.request.urljoin urllib.request.urlparse urllib.request.urlsplit
        urllib.request.urlunparse urllib.request.parse_http_list urllib.request.parse_keqv_list
        http.client.HTTPMessage http.client.parse_headers http.client.responses
        urllib3.Retry urllib3.Timeout urllib3.util.*
        socket.timeout socket.error socket.gaierror socket.herror
        socket.inet_aton socket.inet_ntoa socket.inet_pton socket.inet_ntop socket.htons
        socket.htonl socket.ntohs socket.ntohl http.client.HTTPException
        grpc.StatusCode xmlrpc.client.Binary xmlrpc.client.DateTime xmlrpc.client.dumps
        xmlrpc.client.loads
        stripe.error.* stripe.Webhook.construct_event stripe.WebhookSignature.verify_header
        openai.types.* anthropic.types.* mcp.types.* google.genai.types.*
        slack_sdk.models.* sendgrid.helpers.* twilio.twiml.* docker.types.* plaid.model.*
        celery.chain celery.group celery.chord celery.signature celery.schedules.*
        selenium.webdriver.common.* huggingface_hub.utils.*
    """

    VALID = (
        "import requests\nfrom wfc import step, workflow\n\n@step\ndef charge(order: str) -> int:\n"
        "    return requests.post(order).status_code\n\n"
        "@workflow\n"
        "def f(order: str) -> int:\n"
        "    try:\n"
        "        return charge(order)\n"
        "    except requests.RequestException:\n"
        "        return 0\n",
    )
    INVALID = (
        "import requests\nfrom wfc import workflow\n\n"
        "session = requests.Session()\n\n"
        "@workflow\n"
        "def f(url: str) -> int:\n"
        "    answer = requests.get(url)  # WFC106\n"
        "    answer.raise_for_status()\n"
        "    return session.get(url).status_code  # WFC106\n",
        "from urllib.request import urlopen\n"
        "from wfc import workflow\n\n@workflow\ndef f(urls: list[str]) -> list[str]:\n"
        "    return [str(page) for page in map(urlopen, urls)]  # WFC106\n",
    )

    def says_of(self, name: str) -> str:
        return "makes a client of the network" if is_class(name) else self.says
