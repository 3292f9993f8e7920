using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>What the command asks for and says is checked against a few canned lines; that it fits the real host, at the end.</summary>
public sealed class RebuildTests : IDisposable
{
    private const string Problem = """{"type":"/problems/gate-refused","title":"t","status":409,"detail":"The differences are not within the gate.","field":"gate","refusals":[{"rule":"changedMax","reason":"12 instances differ, but at most 3 may.","count":12,"keys":["a","b","c","d","e","f","g","h","i","j","k","l"]}]}""";

    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    private static string Build(string state, int done = 50, string left = "75.5", string problem = "null") =>
        $$"""{"id":"count-v2-1","view":"count","version":2,"state":"{{state}}","watermark":"0:{{done}}","eventsDone":{{done}}000,"eventsTotal":100000,"bytesDone":1,"bytesTotal":2,"percent":{{done}},"secondsLeft":{{left}},"instances":7,"quarantined":0,"held":0,"problem":{{problem}}}""";

    private Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args) => CommandLine.RunAsync(["rebuild", .. args, "--url", _host.Address]);

    [Fact]
    public async Task A_gate_that_refuses_ends_with_1_the_rule_the_count_and_the_first_keys()
    {
        _host.Answer = (_, _, _) => (409, Problem);
        var (exitCode, text, error) = await RunAsync("promote", "count-v2-1", "--max-changed", "3", "--only-fields", "/a, /b/*/c");
        Assert.Equal((1, ""), (exitCode, text));
        Assert.Contains("changedMax: 12 instances differ, but at most 3 may. (12 keys)", error);
        Assert.Contains("a, b, c, d, e, f, g, h, i, j, …", error);
        Assert.Equal(("POST /rebuilds/count-v2-1/promote", """{"gate":{"changedMax":3,"onlyFields":["/a","/b/*/c"]}}"""), Assert.Single(_host.Asked) is var asked ? (asked.Request, asked.Body) : default);
        Assert.Equal(Problem + "\n", (await RunAsync("promote", "count-v2-1", "--json")).Out);
        Assert.Equal("{}", _host.Asked.Last().Body);
    }

    [Fact]
    public async Task Watch_shows_progress_until_the_build_is_ready()
    {
        var answers = new Queue<string>([Build("building"), Build("building", 60), Build("ready", 100, "null")]);
        _host.Answer = (_, _, _) => (200, answers.Dequeue());
        var (exitCode, text, error) = await RunAsync("watch", "count-v2-1");
        Assert.Equal((0, "count-v2-1: ready, 100,000 of 100,000 events, 100.0 %\n"), (exitCode, text));
        Assert.StartsWith("count-v2-1: building, 50,000 of 100,000 events, 50.0 %, 1:15 left\n", error);
    }

    [Fact]
    public async Task Watch_of_a_build_that_fails_ends_with_1_and_why()
    {
        _host.Answer = (_, _, _) => (200, Build("failed", problem: "\"it broke\""));
        var (exitCode, _, error) = await RunAsync("watch", "count-v2-1");
        Assert.Equal(1, exitCode);
        Assert.Contains("it broke", error);
    }

    [Fact]
    public async Task A_step_that_may_have_been_done_is_not_repeated_when_the_line_breaks()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = 0;
        var serving = Task.Run(async () =>
        {
            for (; ; asked++)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                Assert.NotEqual(0, await connection.GetStream().ReadAsync(new byte[4096]));
            }
        });
        var (exitCode, _, error) = await CommandLine.RunAsync("rebuild", "rollback", "count-v2-1", "--to", $"http://{listener.LocalEndpoint}");
        Assert.Contains("cannot reach", error);
        Assert.Equal(3, exitCode);
        listener.Stop();
        await Assert.ThrowsAnyAsync<SocketException>(() => serving);
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("start", "count", "--version", "two")]
    [InlineData("promote", "id", "--max-changed", "few")]
    [InlineData("watch")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2(params string[] args) => Assert.Equal(2, (await RunAsync(args)).ExitCode);

    [Fact]
    public async Task Every_command_fits_the_real_host()
    {
        await using var host = await RunningHost.StartAsync();
        var directory = Directory.CreateTempSubdirectory("kappa-rebuild-");
        var file = EventFile.Write(directory, "events", Enumerable.Range(0, 50).Select(i =>
            $$$"""{"specversion":"1.0","id":"{{{i}}}","source":"/s","type":"shop.customer.registered","subject":"customer/{{{i}}}","data":{"customerId":"{{{i}}}","name":"n","email":"e"}}"""));
        Assert.Equal(0, (await RealAsync("import", "cloudevents", file, "--checkpoint", Path.Combine(directory.FullName, "checkpoint"))).ExitCode);
        directory.Delete(recursive: true);

        Assert.Matches("customer-spend +1 +(live|catching-up) +", (await RealAsync("views")).Out);
        Assert.StartsWith("customer-spend v1: 50 events", (await RealAsync("rebuild", "estimate", "customer-spend")).Out);
        var (exitCode, text, _) = await RealAsync("rebuild", "start", "customer-spend", "--version", "1", "--watch", "--json");
        Assert.Equal(0, exitCode);
        var build = JsonElement.Parse(text.TrimEnd().Split('\n')[^1]);
        var id = build.GetProperty("id").GetString()!;
        Assert.Equal("ready", build.GetProperty("state").GetString());
        Assert.Matches($"{id} +customer-spend +1 +ready +100.0 +50 ", (await RealAsync("rebuild", "ls", "customer-spend")).Out);
        Assert.Contains("state        ready", (await RealAsync("rebuild", "show", id)).Out);
        Assert.Contains("50 same, 0 changed, 0 only in old, 0 only in new", (await RealAsync("rebuild", "diff", id)).Out);
        Assert.Equal(50, JsonElement.Parse((await RealAsync("rebuild", "diff", id, "--json")).Out).GetProperty("same").GetInt32());
        Assert.Contains("paused", (await RealAsync("rebuild", "pause", id)).Out);
        Assert.Equal(0, (await RealAsync("rebuild", "resume", id)).ExitCode);
        Assert.Equal(0, (await RealAsync("rebuild", "watch", id)).ExitCode);
        Assert.Contains("promoted at the cut", (await RealAsync("rebuild", "promote", id, "--max-changed", "0")).Out);
        Assert.Contains("serving", (await RealAsync("rebuild", "rollback", id)).Out);
        Assert.Equal($"{id}: discarded.\n", (await RealAsync("rebuild", "discard", id)).Out);
        (exitCode, _, var error) = await RealAsync("rebuild", "show", id);
        Assert.Equal(1, exitCode);
        Assert.Contains("404", error);

        Task<(int ExitCode, string Out, string Error)> RealAsync(params string[] args) => CommandLine.RunAsync([.. args, "--to", host.Address]);
    }
}
