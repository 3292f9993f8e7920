using System.Text.Json;
using Kappa.Log;

namespace Kappa.Tests;

public sealed class CheckTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kappa-check-");

    public void Dispose() => _directory.Delete(recursive: true);

    private string Data => Path.Combine(_directory.FullName, "data");
    private static string Assembly => typeof(OwnEvents).Assembly.Location;

    private async Task ImportAsync(int count = 200)
    {
        var file = EventFile.Write(_directory, "events", Enumerable.Range(0, count).Select(i =>
            $$$"""{"specversion":"1.0","id":"{{{i}}}","source":"/s","type":"trip.taken","subject":"rider/r{{{i % 11}}}","data":{"rider":"r{{{i % 11}}}","from":"s{{{i % 3}}}","to":"s{{{i % 5}}}","price":1.5}}"""));
        Assert.Equal(0, (await CommandLine.RunAsync("import", "cloudevents", file, "--data", Data, "--checkpoint", Path.Combine(_directory.FullName, "at"))).ExitCode);
    }

    [Fact]
    public async Task Views_that_are_sound_end_with_0_and_the_log_stays_as_it_was()
    {
        await ImportAsync();
        var before = Directory.GetFiles(Data, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc);
        var (exitCode, text, error) = await CommandLine.RunAsync("check", "--log", Data, "--views", Assembly, "--view", "rider");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("rider        1     200         11      200", text);
        Assert.Contains("clean.", text);
        Assert.Equal(before, Directory.GetFiles(Data, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc));
        Assert.Equal(0, (await CommandLine.RunAsync("check", "--log", Path.Combine(Data, "log"))).ExitCode);
    }

    [Fact]
    public async Task A_view_that_depends_on_order_ends_with_1_and_shows_two_events()
    {
        await ImportAsync();
        var (exitCode, text, _) = await CommandLine.RunAsync("check", "--log", Data, "--views", Assembly);
        Assert.Equal(1, exitCode);
        Assert.Contains("5 order-dependent", text);
        Assert.Contains("station v2, order-dependent, key \"s0\"", text);
        Assert.Contains("NOT CLEAN", text);
    }

    [Fact]
    public async Task Json_has_the_counts_the_digest_and_the_smallest_case()
    {
        await ImportAsync();
        var (exitCode, text, _) = await CommandLine.RunAsync("check", "--log", Data, "--views", Assembly, "--json", "--seed", "5");
        Assert.Equal(1, exitCode);
        var report = JsonElement.Parse(text);
        Assert.Equal((false, 5), (report.GetProperty("clean").GetBoolean(), report.GetProperty("seed").GetInt32()));
        var station = report.GetProperty("views").EnumerateArray().Single(view => view.GetProperty("view").GetString() == "station");
        Assert.Equal(5, station.GetProperty("counts").GetProperty("order-dependent").GetInt32());
        Assert.Equal(32, station.GetProperty("digest").GetString()!.Length);
        var problem = station.GetProperty("problems")[0];
        Assert.Equal(2, problem.GetProperty("case").GetProperty("events").GetArrayLength());
        Assert.Equal(text, (await CommandLine.RunAsync("check", "--log", Data, "--views", Assembly, "--json", "--seed", "5")).Out);
    }

    [Fact]
    public async Task A_log_that_a_running_host_has_open_is_checked_all_the_same()
    {
        await using var log = FileLog.Open(Path.Combine(Data, "log"), new LogOptions());
        var (exitCode, text, _) = await CommandLine.RunAsync("check", "--log", Data);
        Assert.Equal(0, exitCode);
        Assert.Contains("customer-spend", text);
    }

    [Fact]
    public async Task History_that_is_in_the_capture_alone_is_checked_too()
    {
        await RetiredLog.MakeAsync(Data, trips: 500);
        string[] views = ["--views", Assembly, "--view", "rider"];
        var (exitCode, text, error) = await CommandLine.RunAsync(["check", "--log", Data, .. views]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("rider        1     500         11      500", text);
        var elsewhere = Path.Combine(_directory.FullName, "elsewhere");
        Directory.Move(Path.Combine(Data, "capture"), elsewhere);
        Assert.Equal((0, text), Plain(await CommandLine.RunAsync(["check", "--log", elsewhere, .. views])));
        Assert.Equal((0, text), Plain(await CommandLine.RunAsync(["check", "--log", Data, "--capture", elsewhere, .. views])));
        (exitCode, _, error) = await CommandLine.RunAsync(["check", "--log", Data, .. views]);
        Assert.Equal(2, exitCode);
        Assert.Contains("Name the directory of the capture", error);

        static (int, string) Plain((int ExitCode, string Out, string Error) result) => (result.ExitCode, result.Out);
    }

    [Fact]
    public async Task What_cannot_be_read_or_loaded_ends_with_2()
    {
        await ImportAsync();
        await RefusedAsync("no capture of a log of ours", "--log", _directory.FullName);
        await RefusedAsync("There is no log in", "--log", Path.Combine(_directory.FullName, "nothing"));
        await RefusedAsync("there is no view nobody", "--log", Data, "--view", "nobody");
        await RefusedAsync("there is no assembly", "--log", Data, "--views", Path.Combine(Data, "no.dll"));
        await RefusedAsync("cannot be used", "--log", Data, "--views", Path.Combine(Data, "log", "log.json"));
        await RefusedAsync("has no public view", "--log", Data, "--views", typeof(Xunit.FactAttribute).Assembly.Location, "--view", "rider");
        await RefusedAsync("Option '--log' is required");
        var path = Directory.GetFiles(Path.Combine(Data, "log", "00"))[0];
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await RefusedAsync(path, "--log", Data);

        async Task RefusedAsync(string message, params string[] args)
        {
            var (exitCode, _, error) = await CommandLine.RunAsync(["check", .. args]);
            Assert.Contains(message, error);
            Assert.Equal(2, exitCode);
        }
    }
}
