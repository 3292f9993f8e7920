using System.Globalization;
using System.Text.Json;
using Kappa.Capture;
using Kappa.Engine;
using Kappa.Log;
using Kappa.Shop;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary><c>kappa capture</c> and <c>kappa import capture</c>, on our files and on those of others.</summary>
public sealed class CaptureCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kappa-capture-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Foreign_files_are_listed_shown_verified_and_imported_once()
    {
        if (SharedData.Find("capture") is not { } folder)
        {
            output.WriteLine("shared/data/capture is missing; nothing was checked");
            return;
        }
        var (exitCode, text, _) = await CommandLine.RunAsync("capture", "ls", folder, "--json");
        Assert.Equal(0, exitCode);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToArray();
        Assert.Equal(["cosh-54.avro", "cosh-empty.avro", "metered-billing-p9-16-50-12.avro"], lines.Select(line => line.GetProperty("file").GetString()));
        Assert.Equal([380, 0, 1], lines.Select(line => line.GetProperty("events").GetInt32()));
        Assert.Equal((8180, 8559), (lines[0].GetProperty("first").GetInt32(), lines[0].GetProperty("last").GetInt32()));
        Assert.Equal(0, (await CommandLine.RunAsync("capture", "verify", folder)).ExitCode);
        var shown = await CommandLine.RunAsync("capture", "cat", Path.Combine(folder, "cosh-54.avro"), "--json", "--take", "2");
        Assert.Equal(["cosh-54:8180", "cosh-54:8181"], shown.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("id").GetString()));
        foreach (var (appended, duplicates, checkpoint) in new[] { (380, 0, "one"), (0, 380, "two") })
        {
            var import = await CommandLine.RunAsync("import", "capture", Path.Combine(folder, "cosh-54.avro"), "--data", Data("foreign"), "--json", "--checkpoint", Data(checkpoint));
            var report = JsonElement.Parse(import.Out);
            Assert.Equal((380, appended, duplicates), (report.GetProperty("events").GetInt32(), report.GetProperty("appended").GetInt32(), report.GetProperty("duplicates").GetInt32()));
        }
    }

    [Fact]
    public async Task Damage_and_gaps_make_verify_fail_and_are_named()
    {
        var files = await CaptureEventsAsync();
        Assert.Equal(0, (await CommandLine.RunAsync("capture", "verify", Data("capture"))).ExitCode);
        var bytes = await File.ReadAllBytesAsync(files[1]);
        bytes[3_000] ^= 4;
        await File.WriteAllBytesAsync(files[1], bytes);
        var (exitCode, _, error) = await CommandLine.RunAsync("capture", "verify", Data("capture"));
        Assert.Equal(1, exitCode);
        Assert.Contains($"{files[1]} is damaged at byte ", error, StringComparison.Ordinal);
        File.Delete(files[1]);
        (exitCode, _, error) = await CommandLine.RunAsync("capture", "verify", Data("capture"));
        Assert.Equal(1, exitCode);
        Assert.Contains("what lies between is missing", error, StringComparison.Ordinal);
        Assert.Equal(2, (await CommandLine.RunAsync("capture", "verify", Data("nowhere"))).ExitCode);
    }

    [Fact]
    public async Task Our_files_are_imported_as_the_events_that_they_were()
    {
        var files = await CaptureEventsAsync();
        Assert.Equal(0, (await CommandLine.RunAsync(["import", "capture", .. files, "--data", Data("again")])).ExitCode);
        Assert.Equal(await RecordsAsync(Data("data")), await RecordsAsync(Data("again")));
    }

    [Fact]
    public async Task The_real_shop_captured_retired_and_folded_again_has_exactly_the_published_figures()
    {
        if (SharedData.Find("online-retail") is not { } folder)
        {
            output.WriteLine("shared/data/online-retail is missing; nothing was checked");
            return;
        }
        var (options, settings) = (new LogOptions { SegmentBytesMax = 1 << 20, DuplicateWindow = 0, Retention = TimeSpan.FromSeconds(1) }, new CaptureOptions { BytesMax = 4 << 20 });
        await FileLog.Open(Path.Combine(Data("data"), "log"), options).DisposeAsync();
        Assert.Equal(0, (await CommandLine.RunAsync("import", "online-retail", Directory.GetFiles(folder).Single(), "--data", Data("data"))).ExitCode);
        await using var log = FileLog.Open(Path.Combine(Data("data"), "log"), options);
        var store = new DirectoryCaptureStore(Data("capture"));
        var captured = await CapturedLog.OpenAsync(store, log, settings);
        var report = await new LogCapture(log, captured, store, settings, new Tomorrow()).RunAsync();
        Assert.Empty(report.Problems);
        Assert.Equal((10_783, 10_783), (report.Events, report.Retired));
        Assert.Equal(0, Directory.EnumerateFiles(log.Directory, "*.log", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length));

        await using var engine = ViewEngine.Open(new TieredLog(log, captured), ShippedViews.Events(), ShippedViews.All(), Data("views"));
        var receipt = new Receipt(new Cut([.. Enumerable.Range(0, log.PartitionCount).Select(log.Next)]));
        var revenue = 0m;
        foreach (var month in new[] { "2010-12", "2011-01", "2011-02", "2011-03", "2011-04", "2011-05" })
            revenue += Property((await engine.ReadAsync("monthly-sales", month, receipt, TimeSpan.FromMinutes(1))).Envelope!, "revenue");
        Assert.Equal(3_706_827.641m, revenue);
        Assert.Equal(110_668.12m, Property((await engine.ReadAsync("customer-spend", "14646", receipt, TimeSpan.FromMinutes(1))).Envelope!, "total"));
        foreach (var view in new[] { "customer-spend", "monthly-sales" })
            Assert.True((await engine.AuditAsync(view)).Complete);
    }

    private static decimal Property(ViewEnvelope envelope, string name) => JsonDocument.Parse(envelope.State).RootElement.GetProperty(name).GetDecimal();

    /// <summary>Three files of one partition.</summary>
    private async Task<string[]> CaptureEventsAsync()
    {
        await FileLog.Open(Path.Combine(Data("data"), "log"), new LogOptions { Partitions = 1 }).DisposeAsync();
        for (var i = 0; i < 3; i++)
        {
            var file = EventFile.Write(_directory, $"events{i}", EventFile.Events(900).Skip(300 * i).Take(300));
            Assert.Equal(0, (await CommandLine.RunAsync("import", "cloudevents", file, "--data", Data("data"))).ExitCode);
            await using var log = FileLog.Open(Path.Combine(Data("data"), "log"), new LogOptions());
            var (store, settings) = (new DirectoryCaptureStore(Data("capture")), new CaptureOptions());
            Assert.Empty((await new LogCapture(log, await CapturedLog.OpenAsync(store, log, settings), store, settings).CaptureAllAsync()).Problems);
        }
        var files = Directory.GetFiles(Data("capture"), "*.avro", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(3, files.Length);
        return files;
    }

    private static async Task<List<string>> RecordsAsync(string data)
    {
        await using var log = FileLog.Open(Path.Combine(data, "log"), new LogOptions());
        var records = new List<string>();
        for (var partition = 0; partition < log.PartitionCount; partition++)
            for (var at = 0L; at < log.Next(partition);)
            {
                using var page = await log.ReadAsync(partition, at, 1 << 20);
                foreach (var recorded in page.Events)
                    records.Add(Convert.ToHexString(recorded.Record.Span));
                at = page.Next;
            }
        return [.. records.Order(StringComparer.Ordinal)];
    }

    private string Data(string name) => Path.Combine(_directory.FullName, name);

    private sealed class Tomorrow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(1);
    }
}
