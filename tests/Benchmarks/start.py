"""From the start of the process to the first answer, next to the emptiest programs of the same kind, made in a temporary folder and published
in the same way: an ASP.NET Core program (slim builder, one route), and an isolated worker with one function. They take turns, and the medians
are printed with their ratio. The workers are driven by the tests' stand-in for the Functions host. Measures, never tests.

    dotnet publish api -c Release -p:SkipWeb=true -o /tmp/healtheval
    python3 tests/Benchmarks/start.py [--rounds 9] [--program /tmp/healtheval] [--keep FOLDER]
"""
import argparse
import http.client
import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
QUIET = {**os.environ, "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"}

COMMON = """<TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>
    <InvariantGlobalization>true</InvariantGlobalization><OutputType>Exe</OutputType>"""
PUBLISHED = """<RuntimeIdentifier>linux-x64</RuntimeIdentifier><SelfContained>false</SelfContained><PublishReadyToRun>true</PublishReadyToRun>"""

SLIM = {
    "slim.csproj": f"""<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup>{COMMON}{PUBLISHED}</PropertyGroup></Project>""",
    "Program.cs": """var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.MapGet("/api/health/live", () => "yes");
app.Run();
""",
}

WORKER = {
    "worker.csproj": lambda version: f"""<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>{COMMON}{PUBLISHED}<AzureFunctionsVersion>v4</AzureFunctionsVersion></PropertyGroup>
  <ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" />
    <PackageReference Include="Microsoft.Azure.Functions.Worker" Version="{version('Microsoft.Azure.Functions.Worker')}" />
    <PackageReference Include="Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore" Version="{version('Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore')}" />
    <PackageReference Include="Microsoft.Azure.Functions.Worker.Sdk" Version="{version('Microsoft.Azure.Functions.Worker.Sdk')}" />
    <None Update="host.json" CopyToOutputDirectory="PreserveNewest" /></ItemGroup></Project>""",
    "host.json": """{"version":"2.0"}""",
    "Program.cs": """using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Build().Run();

public sealed class Only
{
    [Function("Only")]
    public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) => new OkObjectResult("yes");
}
""",
}

HOST = {
    "standin.csproj": lambda version: f"""<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup>{COMMON}</PropertyGroup>
  <ItemGroup><Compile Include="{ROOT}/tests/Functions/HostStandIn.cs;{ROOT}/tests/Functions/FunctionRpc.cs" />
    <PackageReference Include="Microsoft.Azure.Functions.Worker" Version="{version('Microsoft.Azure.Functions.Worker')}" /></ItemGroup></Project>""",
    "Program.cs": """using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthEval.Tests.Functions;

// A line in: folder, name of the function. A line out: milliseconds until connected, loaded, answered; milliseconds of the processor; MB.
while (Console.ReadLine() is { Length: > 0 } line)
{
    var (folder, function) = (line.Split('\\t')[0], line.Split('\\t')[1]);
    var settings = new Dictionary<string, string>
    {
        ["Auth__Mode"] = "Platform", ["Storage__Kind"] = "Azure", ["Storage__CosmosEndpoint"] = "https://a.documents.azure.com/", ["Storage__BlobEndpoint"] = "https://a.blob.core.windows.net/",
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["COSMOS_DISABLE_IMDS_ACCESS"] = "true",
    };
    var clock = Stopwatch.StartNew();
    using var host = await HostStandIn.StartAsync(HostStandIn.CommandOf(folder), folder, settings);
    var call = Guid.NewGuid().ToString();
    using var http = new HttpClient { BaseAddress = host.Address };
    http.DefaultRequestHeaders.Add("x-ms-invocation-id", call);
    _ = host.InvokeAsync(function, new JsonObject { ["inputData"] = new JsonArray(new JsonObject { ["name"] = "request", ["data"] = new JsonObject { ["http"] = new JsonObject() } }) }, call);
    HttpResponseMessage? answer = null;
    while (answer is null)
    {
        try { answer = await http.GetAsync("api/health/live"); }
        catch (HttpRequestException) when (clock.Elapsed < TimeSpan.FromSeconds(60)) { await Task.Delay(2); }
    }
    answer.EnsureSuccessStatusCode();
    var answered = clock.Elapsed;
    host.Worker.Refresh();
    Console.WriteLine(JsonSerializer.Serialize(new[] { host.Times.Connected.TotalMilliseconds, host.Times.Loaded.TotalMilliseconds, answered.TotalMilliseconds, host.Worker.TotalProcessorTime.TotalMilliseconds, host.Worker.WorkingSet64 / 1e6 }));
}
""",
}


def version(package):
    with open(os.path.join(ROOT, "Directory.Packages.props"), encoding="utf-8") as file:
        return re.search(f'Include="{re.escape(package)}" Version="([^"]+)"', file.read())[1]


def make(files, folder, *command):
    os.makedirs(folder, exist_ok=True)
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text(version) if callable(text) else text)
    out = os.path.join(folder, "out")
    if not os.path.exists(out):
        subprocess.run(["dotnet", *command, "-c", "Release", "--nologo", "-v", "quiet", "-o", out], cwd=folder, env=QUIET, check=True, stdout=sys.stderr)
    return out


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def serve(command, port, folder, path="/api/health/live"):
    """Milliseconds until the first answer, and of the processor until then."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder, env={**os.environ, "DOTNET_hostBuilder__reloadConfigOnChange": "false"})
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", path)
            status = connection.getresponse().status
            break
        except OSError:
            if process.poll() is not None or time.perf_counter() - start > 60:
                sys.exit(f"{command[0]} does not answer")
            time.sleep(0.002)
    wall = time.perf_counter() - start
    process.kill()
    process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status != 200:
        sys.exit(f"{command[0]} answered {status}")
    return 1000 * wall, 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def row(what, ours, empty):
    ours, empty = statistics.median(ours), statistics.median(empty)
    print(f"{what:<46}{ours:>8.0f} {empty:>8.0f} {ours / empty:>7.2f}", flush=True)


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--rounds", type=int, default=9)
    asked.add_argument("--program", default="/tmp/healtheval")
    asked.add_argument("--keep", help="a folder for the empty programs, which are then made once")
    asked = asked.parse_args()
    scratch = asked.keep or tempfile.mkdtemp()
    program = os.path.join(os.path.abspath(asked.program), "healtheval")
    try:
        slim = make(SLIM, os.path.join(scratch, "slim"), "publish")
        worker = make(WORKER, os.path.join(scratch, "worker"), "publish")
        standin = make(HOST, os.path.join(scratch, "standin"), "build")
        data = tempfile.mkdtemp(dir=scratch)

        def embedded(path="/api/health/live"):
            port = free_port()
            return serve([program, "--data", data, "--port", f"{port}"], port, data, path)

        def empty():
            port = free_port()
            return serve([os.path.join(slim, "slim"), "--urls", f"http://127.0.0.1:{port}"], port, slim)

        host = subprocess.Popen([os.path.join(standin, "standin")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def driven(folder, function):
            host.stdin.write(f"{folder}\t{function}\n")
            host.stdin.flush()
            return json.loads(host.stdout.readline())

        pairs = []
        for n in range(asked.rounds + 1):  # the first pair fills caches, makes the demo's store and warms the stand-in
            pairs.append((embedded(), empty(), driven(os.path.abspath(asked.program), "Health"), driven(worker, "Only"), embedded("/"), embedded("/api/session")))
        host.stdin.close()
        host.wait()
        alone, nothing, ours, theirs, page, call = ([*zip(*side)] for side in zip(*pairs[1:]))
        files = [os.path.join(folder, name) for folder, _, names in os.walk(asked.program) for name in names]
        print(f"load {os.getloadavg()[0]:.1f}, median of {asked.rounds}; package {sum(map(os.path.getsize, files)) / 1e6:.0f} MB in {len(files)} files")
        print(f"{'milliseconds':<46}{'ours':>8} {'empty':>8} {'ratio':>7}")
        row("on one machine: first answer", alone[0], nothing[0])
        row("  processor", alone[1], nothing[1])
        row("  the form's first page", page[0], nothing[0])
        row("  first call that needs the routes", call[0], nothing[0])
        row("worker: connected", ours[0], theirs[0])
        row("worker: functions loaded", ours[1], theirs[1])
        row("worker: first answer", ours[2], theirs[2])
        row("  processor", ours[3], theirs[3])
        row("worker: MB", ours[4], theirs[4])
    finally:
        if not asked.keep:
            shutil.rmtree(scratch, ignore_errors=True)


main()
