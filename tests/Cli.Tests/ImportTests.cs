using System.Text.Json;

namespace Kappa.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly FakeHost _host = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kappa-import-");
    private List<string> _stored = [];
    private int _failAfter = int.MaxValue;
    private int _logId = 1;

    public ImportTests() => _host.Answer = (_, target, body) =>
    {
        if (target == "/log")
            return (200, $$"""{"id":"{{_logId}}","partitions":[{"partition":0,"first":0,"next":{{_stored.Count}}}]}""");
        if (_failAfter-- <= 0)
            return (500, """{"detail":"Broken."}""");
        var ids = JsonElement.Parse(body).EnumerateArray().Select(one => one.GetProperty("id").GetString()!).ToList();
        var before = _stored.Count;
        _stored.AddRange(ids.Except(_stored));
        return (200, $$"""{"appended":{{_stored.Count - before}},"duplicates":{{ids.Count - (_stored.Count - before)}},"receipt":""}""");
    };

    public void Dispose()
    {
        _host.Dispose();
        _directory.Delete(recursive: true);
    }

    private string File(string name, IEnumerable<string> lines, bool gzip = false) => EventFile.Write(_directory, name, lines, gzip);

    private Task<(int ExitCode, string Out, string Error)> RunAsync(string file) =>
        CommandLine.RunAsync("import", "cloudevents", file, "--to", _host.Address, "--checkpoint", Path.Combine(_directory.FullName, "checkpoint"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_one_a_line_arrive_once_each_and_in_order_per_key(bool gzip)
    {
        var (exitCode, text, _) = await RunAsync(File("events", EventFile.Events(5_000), gzip));
        Assert.Equal(0, exitCode);
        Assert.StartsWith("events: 5,000 events, 5,000 appended, 0 duplicates, 0 imported before", text);
        Assert.Equal(5_000, _stored.Distinct().Count());
        foreach (var key in _stored.Select(int.Parse).GroupBy(number => number % 7))
            Assert.Equal(key.Order(), key);
        Assert.All(_host.Asked.Where(asked => asked.Request == "POST /events"), asked => Assert.Equal("application/cloudevents-batch+json", asked.ContentType));
    }

    [Fact]
    public async Task An_array_of_events_is_taken_too()
    {
        await RunAsync(File("events", ["[", string.Join(",\n", EventFile.Events(3)), "]"]));
        Assert.Equal(3, _stored.Count);
    }

    [Fact]
    public async Task Importing_twice_sends_nothing_twice_whatever_the_name_of_the_file()
    {
        await RunAsync(File("events", EventFile.Events(100)));
        var posts = _host.Asked.Count(asked => asked.Request == "POST /events");
        var (exitCode, text, _) = await RunAsync(File("other", EventFile.Events(100)));
        Assert.Equal(0, exitCode);
        Assert.Contains("100 imported before", text);
        Assert.Equal(posts, _host.Asked.Count(asked => asked.Request == "POST /events"));
    }

    [Fact]
    public async Task An_import_that_broke_off_goes_on_where_it_was()
    {
        var file = File("events", EventFile.Events(5_000));
        _failAfter = 6;
        var (exitCode, _, error) = await RunAsync(file);
        Assert.Equal(1, exitCode);
        Assert.Contains("Broken.", error);
        _failAfter = int.MaxValue;
        Assert.Contains("2,000 imported before", (await RunAsync(file)).Out);
        Assert.Equal(5_000, _stored.Count);
    }

    [Fact]
    public async Task A_log_that_was_made_anew_gets_everything_again()
    {
        var file = File("events", EventFile.Events(100));
        await RunAsync(file);
        _stored.Clear();
        await RunAsync(file);
        Assert.Equal(100, _stored.Count);
    }

    [Fact]
    public async Task Another_log_at_the_same_address_gets_everything_even_if_it_holds_as_much()
    {
        var file = File("events", EventFile.Events(100));
        await RunAsync(file);
        (_logId, _stored) = (2, [.. Enumerable.Range(0, 500).Select(number => $"other {number}")]);
        await RunAsync(file);
        Assert.Equal(600, _stored.Count);
    }

    [Fact]
    public async Task Another_file_has_another_checkpoint()
    {
        await RunAsync(File("events", EventFile.Events(100)));
        await RunAsync(File("events", EventFile.Events(101)));
        Assert.Equal(101, _stored.Count);
    }

    [Fact]
    public async Task A_checkpoint_that_is_none_is_not_guessed_at()
    {
        System.IO.File.WriteAllText(Path.Combine(_directory.FullName, "checkpoint"), "garbage");
        var (exitCode, _, error) = await RunAsync(File("events", EventFile.Events(1)));
        Assert.Equal(1, exitCode);
        Assert.Contains("is no checkpoint", error);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{\"id\":")]
    public async Task A_file_that_holds_something_else_ends_with_1(string content)
    {
        var (exitCode, _, error) = await RunAsync(File("events", [content]));
        Assert.Equal(1, exitCode);
        Assert.StartsWith("kappa: ", error);
    }
}
