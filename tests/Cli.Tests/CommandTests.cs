namespace Kappa.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly FakeHost _host = new();

    public void Dispose() => _host.Dispose();

    private Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args) => CommandLine.RunAsync([.. args, "--to", _host.Address]);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("get", "customer-spend")]
    [InlineData("audit")]
    [InlineData("audit", "game", "--all")]
    [InlineData("tail", "--from", "x")]
    [InlineData("tail", "--from", "-1")]
    [InlineData("import", "pgn")]
    [InlineData("import", "pgn", "a.pgn", "b.pgn", "--checkpoint", "c")]
    [InlineData("import", "pgn", "a.pgn", "--data", "d", "--to", "http://127.0.0.1:1")]
    [InlineData("log", "--to", "ftp://x")]
    [InlineData("get", "game", "k", "--at", "0:1", "--receipt", "r")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2(params string[] args)
    {
        var (exitCode, _, error) = await CommandLine.RunAsync(args);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("kappa: ", error);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_ends_with_3_and_says_what_to_do()
    {
        _host.Dispose();
        var (exitCode, _, error) = await RunAsync("log");
        Assert.Equal(3, exitCode);
        Assert.Contains("cannot reach", error);
        Assert.Contains("--to", error);
    }

    [Fact]
    public async Task Help_ends_with_0()
    {
        var (exitCode, text, _) = await CommandLine.RunAsync("--help");
        Assert.Equal(0, exitCode);
        Assert.Contains("import", text);
    }

    [Fact]
    public async Task Log_shows_aligned_columns()
    {
        _host.Answer = (_, _, _) => (200, """{"partitions":[{"partition":0,"first":0,"next":5},{"partition":1,"first":0,"next":12345}]}""");
        var (exitCode, text, _) = await RunAsync("log");
        Assert.Equal((0, "partition  first   next\n        0      0      5\n        1      0  12345\n"), (exitCode, text));
    }

    [Fact]
    public async Task Log_shows_the_cut_to_read_as_of()
    {
        _host.Answer = (_, _, _) => (200, """{"cut":"0:5","partitions":[{"partition":0,"first":0,"next":5}]}""");
        Assert.EndsWith("\ncut 0:5\n", (await RunAsync("log")).Out);
    }

    [Theory]
    [InlineData("a/b c%", "/views/game/a%2Fb%20c%25")]
    [InlineData("..", "/views/game?key=..")]
    [InlineData("top", "/views/game?key=top")]
    [InlineData("🎉", "/views/game/%F0%9F%8E%89")]
    public async Task Get_asks_for_exactly_this_key(string key, string target)
    {
        _host.Answer = (_, _, _) => (200, """{"view":"game","key":"k","version":3,"position":"0:7","state":{"a":1}}""");
        var (exitCode, text, _) = await RunAsync("get", "game", key);
        Assert.Equal(0, exitCode);
        Assert.Equal($"GET {target}", Assert.Single(_host.Asked).Request);
        Assert.Contains("position     0:7\n", text);
        Assert.Contains("\"a\": 1", text);
    }

    [Fact]
    public async Task Get_hands_the_receipt_on_and_writes_the_envelope_as_it_came()
    {
        const string envelope = """{"view":"game","key":"k","version":3,"state":{"a":1.50}}""";
        _host.Answer = (_, _, _) => (200, envelope);
        var (_, text, _) = await RunAsync("get", "game", "k", "--receipt", "r+1", "--json");
        Assert.Equal("GET /views/game/k?receipt=r%2B1", Assert.Single(_host.Asked).Request);
        Assert.Equal(envelope + "\n", text);
    }

    [Theory]
    [InlineData("0:13,3:1043", "0%3A13%2C3%3A1043")]
    [InlineData("2011-05-31T12:12:00+02:00", "2011-05-31T12%3A12%3A00%2B02%3A00")]
    public async Task Get_asks_for_a_moment_as_it_was_given_and_says_if_nothing_was_there(string at, string sent)
    {
        _host.Answer = (_, target, _) => target.StartsWith("/views/game/k?", StringComparison.Ordinal) ? (200, """{"view":"game","key":"k","version":3,"state":{"a":1}}""") : (404, "{}");
        Assert.Equal(0, (await RunAsync("get", "game", "k", "--at", at)).ExitCode);
        Assert.Equal($"GET /views/game/k?at={sent}", Assert.Single(_host.Asked).Request);
        var (exitCode, _, error) = await RunAsync("get", "game", "other", "--at", at);
        Assert.Equal(1, exitCode);
        Assert.Contains($"had no instance other as of {at}", error);
    }

    [Fact]
    public async Task Explain_writes_each_page_before_it_asks_for_the_next()
    {
        var (written, asked) = (new StringWriter(), new List<(string Target, int Lines)>());
        _host.Answer = (_, target, _) =>
        {
            lock (written)
                asked.Add((target, written.ToString().Count(c => c == '\n')));
            var after = target.Contains("after=", StringComparison.Ordinal) ? int.Parse(target[(target.LastIndexOf('=') + 1)..], System.Globalization.CultureInfo.InvariantCulture) : 0;
            var items = Enumerable.Range(after + 1, 1000).Select(version => $$$"""{"version":{{{version}}},"position":"0:{{{version}}}","event":{},"before":null,"after":{}}""");
            return (200, $$"""{"items":[{{string.Join(',', items)}}],"next":{{(after == 99_000 ? "null" : $"\"{after + 1000}\"")}}}""");
        };
        var exitCode = await Cli.KappaCli.RunAsync(["explain", "game", "k", "--json", "--to", _host.Address], new Cli.Output(TextWriter.Synchronized(written), TextWriter.Null, IsTerminal: false));
        Assert.Equal(0, exitCode);
        Assert.Equal(100_000, written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(Enumerable.Range(0, 100).Select(page => page * 1000), asked.Select(one => one.Lines));
        Assert.Equal("/views/game/k/history?take=1000", asked[0].Target);
        Assert.Equal("/views/game/k/history?take=1000&after=99000", asked[^1].Target);
    }

    [Fact]
    public async Task Get_of_what_is_not_there_ends_with_1()
    {
        var (exitCode, _, error) = await RunAsync("get", "game", "k");
        Assert.Equal(1, exitCode);
        Assert.Contains("no instance k", error);
    }

    [Fact]
    public async Task Audit_of_all_views_ends_with_1_if_one_is_not_complete()
    {
        _host.Answer = (_, target, _) => target switch
        {
            "/views" => (200, """{"items":[{"view":"a"},{"view":"b"}]}"""),
            "/audit/a" => (200, """{"view":"a","complete":true,"routed":2,"applied":2,"held":0,"cut":"0:2","problems":[]}"""),
            _ => (200, """{"view":"b","complete":false,"routed":2,"applied":1,"held":1,"cut":"0:2","problems":["one is held"]}"""),
        };
        var (exitCode, text, error) = await RunAsync("audit", "--all");
        Assert.Equal(1, exitCode);
        Assert.Contains("b     NO", text);
        Assert.Contains("b: one is held", error);
        Assert.Equal(0, (await RunAsync("audit", "a")).ExitCode);
    }

    [Fact]
    public async Task Explain_goes_through_all_pages()
    {
        const string item = """{"version":1,"position":"0:7","event":{"type":"t","id":"1","subject":"s","time":"2011-01-01T00:00:00Z","data":{"x":1}},"before":null,"after":{"n":1}}""";
        _host.Answer = (_, target, _) => target.EndsWith("after=p%2B2", StringComparison.Ordinal)
            ? (200, $$"""{"items":[{{item}}],"next":null}""")
            : (200, $$"""{"items":[{{item}}],"next":"p+2"}""");
        var (exitCode, text, _) = await RunAsync("explain", "game", "k");
        Assert.Equal(0, exitCode);
        Assert.Equal(4, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("""{"n":1}""", text);
    }

    [Fact]
    public async Task Tail_shows_what_is_there_from_a_sequence_on_and_stops_if_told_so()
    {
        _host.Answer = (_, target, _) => target switch
        {
            "/log" => (200, """{"partitions":[{"partition":0,"first":0,"next":1},{"partition":1,"first":0,"next":0}]}"""),
            "/log/0?from=0" => (200, """{"items":[{"type":"t","id":"1","time":"2011-01-01T00:00:00Z","data":{"x":1},"kappasequence":0}],"next":1}"""),
            "/log/0?from=1" => (200, """{"items":[],"next":1}"""),
            _ => (200, """{"items":[],"next":0}"""),
        };
        var (exitCode, text, _) = await RunAsync("tail", "--from", "0", "--no-follow");
        Assert.Equal(0, exitCode);
        Assert.Equal("0:0  2011-01-01T00:00:00Z  t  -  1  {\"x\":1}\n", text);
    }

    [Fact]
    public async Task A_refusal_shows_the_hosts_reason_and_its_errors()
    {
        _host.Answer = (_, _, _) => (400, """{"type":"/problems/x","title":"No","detail":"Because.","errors":[{"index":3,"field":"data.total","reason":"is missing"}]}""");
        var (exitCode, _, error) = await RunAsync("log");
        Assert.Equal(1, exitCode);
        Assert.Contains("Because.", error);
        Assert.Contains("event 3, data.total: is missing", error);
    }

    [Fact]
    public async Task A_busy_host_is_asked_again()
    {
        var calls = 0;
        _host.Answer = (_, _, _) => ++calls < 3 ? (calls == 1 ? 429 : 503, "{}") : (200, """{"partitions":[]}""");
        Assert.Equal(0, (await RunAsync("log")).ExitCode);
        Assert.Equal(3, calls);
    }
}
