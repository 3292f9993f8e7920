using System.Text.Json;
using Kappa.Log;

namespace Kappa.Tests;

public sealed class BackupTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kappa-backup-");

    public void Dispose() => _directory.Delete(recursive: true);

    private string Data => At("data");
    private string At(string name) => Path.Combine(_directory.FullName, name);

    private async Task ImportAsync()
    {
        var file = EventFile.Write(_directory, "events", Enumerable.Range(0, 300).Select(i =>
            $$$"""{"specversion":"1.0","id":"{{{i}}}","source":"/s","type":"trip.taken","subject":"rider/r{{{i % 11}}}","data":{"rider":"r{{{i % 11}}}","from":"s{{{i % 3}}}","to":"s{{{i % 5}}}","price":1.5}}"""));
        Assert.Equal(0, (await CommandLine.RunAsync("import", "cloudevents", file, "--data", Data, "--checkpoint", At("checkpoint"))).ExitCode);
    }

    [Fact]
    public async Task A_backup_restores_with_its_views_folded_and_audited()
    {
        await ImportAsync();
        await File.WriteAllTextAsync(At("appsettings.json"), "{}");
        var (exitCode, text, error) = await CommandLine.RunAsync("backup", "--data", Data, "--to", At("backup"));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("300 events", text);
        Assert.True(File.Exists(Path.Combine(At("backup"), "settings", "appsettings.json")));

        (exitCode, text, _) = await CommandLine.RunAsync("backup", "verify", At("backup"));
        Assert.Equal(0, exitCode);
        Assert.Contains("whole. 300 events", text);

        (exitCode, text, error) = await CommandLine.RunAsync("restore", "--from", At("backup"), "--data", At("restored"), "--views", typeof(OwnEvents).Assembly.Location);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("rider    yes          300      300     0", text);
        Assert.Contains("restored and complete", text);
        Assert.True(Directory.Exists(Path.Combine(At("restored"), "views", "rider")));
    }

    [Fact]
    public async Task Json_tells_programs_the_same()
    {
        await ImportAsync();
        var made = JsonElement.Parse((await CommandLine.RunAsync("backup", "--data", Data, "--to", At("backup"), "--json")).Out);
        Assert.Equal(300, made.GetProperty("events").GetInt64());
        var verified = JsonElement.Parse((await CommandLine.RunAsync("backup", "verify", At("backup"), "--json")).Out);
        Assert.True(verified.GetProperty("whole").GetBoolean());
        Assert.Equal(made.GetProperty("cut").GetString(), verified.GetProperty("cut").GetString());
        var restored = JsonElement.Parse((await CommandLine.RunAsync("restore", "--from", At("backup"), "--data", At("restored"), "--json")).Out);
        Assert.True(restored.GetProperty("complete").GetBoolean());
        Assert.Equal(300, restored.GetProperty("partitions").EnumerateArray().Sum(partition => partition.GetProperty("next").GetInt64()));
        Assert.Equal(4, restored.GetProperty("views").GetArrayLength());
    }

    [Fact]
    public async Task A_log_whose_older_events_are_in_the_capture_is_restored_and_complete()
    {
        await RetiredLog.MakeAsync(Data, trips: 500);
        Assert.Equal(0, (await CommandLine.RunAsync("backup", "--data", Data, "--to", At("backup"))).ExitCode);
        var (exitCode, text, error) = await CommandLine.RunAsync("restore", "--from", At("backup"), "--data", At("restored"), "--views", typeof(OwnEvents).Assembly.Location);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("rider    yes          500      500     0", text);
    }

    [Fact]
    public async Task A_restore_whose_views_are_not_complete_ends_with_1()
    {
        // Data that does not fit its type gets into a log by programs that know no such type.
        await using (var log = FileLog.Open(Path.Combine(Data, "log"), new LogOptions()))
        {
            using var batch = new Kappa.Events.EventBatch();
            var reader = new Kappa.Events.CloudEventReader(new Kappa.Events.EventTypes(), Kappa.Events.UnknownTypes.Accept, 1 << 20, 10);
            reader.ReadOne("""{"specversion":"1.0","id":"1","source":"/s","type":"trip.taken","data":"none"}"""u8, batch, []);
            await log.AppendAsync(batch);
        }
        Assert.Equal(0, (await CommandLine.RunAsync("backup", "--data", Data, "--to", At("backup"))).ExitCode);
        var (exitCode, text, error) = await CommandLine.RunAsync("restore", "--from", At("backup"), "--data", At("restored"), "--views", typeof(OwnEvents).Assembly.Location);
        Assert.Equal(1, exitCode);
        Assert.Contains("NOT COMPLETE", text);
        Assert.Contains("held", error);
    }

    [Fact]
    public async Task Damage_ends_verify_and_restore_with_1_and_the_file()
    {
        await ImportAsync();
        Assert.Equal(0, (await CommandLine.RunAsync("backup", "--data", Data, "--to", At("backup"))).ExitCode);
        var path = Directory.GetFiles(At("backup"), "*.log", SearchOption.AllDirectories)[0];
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await EndsAsync(1, path, "backup", "verify", At("backup"));
        await EndsAsync(1, path, "restore", "--from", At("backup"), "--data", At("restored"));
        await EndsAsync(1, "is not empty", "restore", "--from", At("backup"), "--data", Data);
        await EndsAsync(1, "is not empty", "backup", "--data", Data, "--to", At("backup"));
        await EndsAsync(1, "is no backup", "backup", "verify", Data);
        await EndsAsync(1, "There is no log", "backup", "--data", At("nothing"), "--to", At("other"));
        await EndsAsync(2, "'--to' is required", "backup", "--data", Data);
        await EndsAsync(2, "'--from' is required", "restore", "--data", At("restored"));
        await EndsAsync(2, "there is no assembly", "restore", "--from", At("backup"), "--data", At("restored"), "--views", At("no.dll"));

        async Task EndsAsync(int expected, string message, params string[] args)
        {
            var (exitCode, _, error) = await CommandLine.RunAsync(args);
            Assert.Contains(message, error);
            Assert.Equal(expected, exitCode);
        }
    }
}
