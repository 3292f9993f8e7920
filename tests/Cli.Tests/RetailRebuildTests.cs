using System.Text.Json;
using Kappa.Cli.Import;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Shop;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary>A new version of <c>customer-spend</c> on the real shop's log, while it is appended to and watched.</summary>
public sealed class RetailRebuildTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("kappa-rebuild-");
    private readonly EventTypes _types = ShippedViews.Events().Seal();

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Version_2_is_built_compared_promoted_and_rolled_back_while_events_are_appended_and_watched()
    {
        if (Invoices() is not { } invoices)
            return;
        await using var log = OpenLog();
        var half = invoices.Count / 2;
        await AppendAsync(log, invoices[..half]);
        await using (var first = Open(log, new CustomerSpendView()))
            await CaughtUpAsync(first, log);
        await using var engine = Open(log, new CustomerSpendView(), new AverageSpendView());
        using var stop = new CancellationTokenSource(_patience);
        const string customer = "14646";
        var seen = new List<ViewEnvelope>();
        var watching = Task.Run(async () =>
        {
            await foreach (var envelope in engine.WatchAsync("customer-spend", customer, null, WatchMode.Every, stop.Token))
            {
                lock (seen)
                    seen.Add(envelope);
                // The last invoice of the file comes when all is promoted, so it ends the watch.
                if (envelope.ViewVersion == 1 && envelope.Reset)
                    return;
            }
        });
        var appending = Task.Run(() => AppendAsync(log, invoices[half..]));
        var build = await ReadyAsync(engine);
        var diff = await engine.Rebuilds.DiffAsync(build.Id, null, 5);
        Assert.Equal(["/averageOrder"], diff.Summary.Fields.Select(field => field.Path));
        Assert.Equal((0, 0, 0), (diff.Summary.Same, diff.Summary.OnlyOld, diff.Summary.OnlyNew));
        Assert.All(diff.Items, item => Assert.True(Assert.Single(item.Fields).Before.IsEmpty));
        var promoted = await engine.Rebuilds.PromoteAsync(build.Id, new PromotionGate(null, ["/averageOrder"]));
        Assert.True(promoted.Promoted, string.Join(' ', promoted.Refusals.Select(refusal => refusal.Reason)));
        await appending;
        await CaughtUpAsync(engine, log);
        Assert.True((await engine.AuditAsync("customer-spend")).Complete);
        Assert.Equal((2767, 3_120_488.091m), await SumsAsync(engine));

        await engine.Rebuilds.RollbackAsync(build.Id);
        Assert.Equal((2767, 3_120_488.091m), await SumsAsync(engine));
        await watching.WaitAsync(_patience);
        var resets = seen.Where(envelope => envelope.Reset).ToList();
        Assert.Equal([2, 1], resets.Select(envelope => envelope.ViewVersion));
        Assert.Equal(110_668.12m, Total(seen[^1].State));
        // Within a build each version follows on the one before: nothing was left out, nothing came twice.
        for (var i = 1; i < seen.Count; i++)
            Assert.True(seen[i].Reset ? seen[i].Version >= seen[i - 1].Version : seen[i].Version == seen[i - 1].Version + 1, $"{seen[i - 1].Version} was followed by {seen[i].Version}");
        output.WriteLine($"{diff.Summary.Changed} instances at {diff.Summary.Cut}; {seen.Count} states watched");
    }

    [Fact]
    public async Task A_version_that_drops_cancellations_is_refused_by_the_gate_which_names_the_customers_who_cancelled()
    {
        if (Invoices() is not { } invoices)
            return;
        await using var log = OpenLog();
        await AppendAsync(log, invoices);
        await using (var first = Open(log, new CustomerSpendView()))
            await CaughtUpAsync(first, log);
        await using var engine = Open(log, new CustomerSpendView(), new AverageSpendView(isWithoutCancellations: true));
        var build = await ReadyAsync(engine);
        var result = await engine.Rebuilds.PromoteAsync(build.Id, new PromotionGate(null, ["averageOrder"]));
        Assert.False(result.Promoted);

        // Counted from the invoices themselves, by nobody's fold.
        var cancelled = invoices.Where(invoice => invoice.Type == "shop.order.cancelled").Select(Customer).OfType<string>().Distinct()
            .Order(StringComparer.Ordinal).ToList();
        var refusal = Assert.Single(result.Refusals);
        Assert.Equal(cancelled, refusal.Keys);
        Assert.Equal(cancelled.Count, refusal.Count);
        Assert.Contains("/months/*/cancellations", refusal.Reason, StringComparison.Ordinal);
        Assert.InRange(cancelled.Count, 500, 2000);
        output.WriteLine($"{cancelled.Count} customers: {refusal.Reason}");
        Assert.Equal(1, (await engine.ListAsync())[0].Version);
    }

    private List<CloudEvent>? Invoices()
    {
        if (SharedData.Find("online-retail") is not { } folder)
        {
            output.WriteLine("shared/data/online-retail is missing; nothing was checked");
            return null;
        }
        using var csv = SharedData.OpenGzip(Directory.GetFiles(folder).Single());
        return [.. RetailInvoices.Events(csv, _types)];
    }

    private FileLog OpenLog() => FileLog.Open(Path.Combine(_data.FullName, "log"), new LogOptions { Flush = FlushPolicy.Never });

    private ViewEngine Open(FileLog log, params View[] views) => ViewEngine.Open(log, _types, views, Path.Combine(_data.FullName, "views"));

    private static async Task AppendAsync(FileLog log, IEnumerable<CloudEvent> invoices)
    {
        foreach (var chunk in invoices.Chunk(50))
        {
            using var batch = new EventBatch();
            foreach (var invoice in chunk)
                batch.Add(invoice);
            Assert.Equal(AppendStatus.Appended, (await log.AppendAsync(batch)).Status);
        }
    }

    private static async Task CaughtUpAsync(ViewEngine engine, FileLog log)
    {
        var end = new Cut([.. Enumerable.Range(0, log.PartitionCount).Select(log.Next)]);
        using var patience = new CancellationTokenSource(_patience);
        while (!(await engine.ListAsync(patience.Token)).All(view => view.Watermark.Covers(end)))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<RebuildInfo> ReadyAsync(ViewEngine engine)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var build = (await engine.Rebuilds.ListBuildsAsync(null, patience.Token)).Single(one => one.State != RebuildState.Serving);
            if (build.State == RebuildState.Ready)
                return build;
            Assert.NotEqual(RebuildState.Failed, build.State);
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<(int Customers, decimal Revenue)> SumsAsync(ViewEngine engine)
    {
        var (customers, revenue) = (0, 0m);
        for (string? after = null; ;)
        {
            var page = await engine.KeysAsync("customer-spend", "", after, 1000);
            foreach (var key in page.Items)
                (customers, revenue) = (customers + 1, revenue + Total((await engine.ReadAsync("customer-spend", key.Key)).Envelope!.State));
            if ((after = page.Next) is null)
                return (customers, revenue);
        }
    }

    private static decimal Total(ReadOnlyMemory<byte> state)
    {
        using var json = JsonDocument.Parse(state);
        return json.RootElement.GetProperty("total").GetDecimal();
    }

    private static string? Customer(CloudEvent invoice)
    {
        using var data = JsonDocument.Parse(invoice.Data);
        return data.RootElement.TryGetProperty("customerId", out var id) ? id.GetString() : null;
    }
}
