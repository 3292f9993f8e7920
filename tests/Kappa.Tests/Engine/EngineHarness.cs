using System.Text;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Views;

namespace Kappa.Tests.Engine;

/// <summary>A log and an engine over it in memory, restartable with other views on the same store.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    private int _ids;

    private readonly TimeProvider? _time;

    public EngineHarness(params View[] views) : this(null, views)
    {
    }

    public EngineHarness(TimeProvider? time, params View[] views)
    {
        _time = time;
        Log = new MemoryLog(time: time);
        Engine = Open(views);
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public MemoryLog Log { get; }
    public EventTypes Types { get; } = AccountView.Types();
    public SimulatedDisk Disk { get; set; } = new();
    public EngineOptions Options { get; } = new() { Shards = 2 };
    public ViewEngine Engine { get; private set; }

    public ViewEngine Open(params View[] views) =>
        ViewEngine.Open(Log, Types, views.Length == 0 ? [new AccountView()] : views, "/views", Options, Disk, _time);

    public async Task RestartAsync(params View[] views)
    {
        await Engine.DisposeAsync();
        Engine = Open(views);
    }

    /// <summary>Every listed instance with its state, version and position, and the audit: all that a view shows.</summary>
    public static async Task<string> DumpAsync(ViewEngine engine, string view = "account")
    {
        var text = new StringBuilder();
        for (string? after = null; ;)
        {
            var page = await engine.KeysAsync(view, "", after, 100);
            foreach (var item in page.Items)
            {
                var envelope = (await engine.ReadAsync(view, item.Key)).Envelope!;
                text.Append(item.Key).Append(' ').Append(envelope.Version).Append(' ').AppendLine(Encoding.UTF8.GetString(envelope.State.Span));
            }
            if ((after = page.Next) is null)
                return text.ToString();
        }
    }

    /// <summary>Waits until a view has dealt with everything in the log.</summary>
    public async Task CaughtUpAsync(string view = "account")
    {
        var end = new Cut([.. Enumerable.Range(0, Log.PartitionCount).Select(Log.Next)]);
        // Any key of each shard will do; a handful of keys meets them all.
        var views = await Engine.ListAsync();
        for (var i = 0; i < 16; i++)
            Assert.NotEqual(ReadStatus.NotYet, (await Engine.ReadAsync(views.Any(info => info.View == view) ? view : views[0].View, $"any{i}", new Receipt(end), Patience)).Status);
    }

    public async Task<Receipt> AppendAsync(params object[] records)
    {
        using var batch = new EventBatch();
        foreach (var record in records)
            batch.Add(CloudEvent.Of(Types, record, $"e{Interlocked.Increment(ref _ids)}", "/tests", record switch
            {
                Credited e => "account/" + e.Account,
                Closed e => "account/" + e.Account,
                Transferred e => "account/" + e.From,
                _ => null,
            }));
        return (await Log.AppendAsync(batch)).Receipt;
    }

    public async Task<ReadResult> ReadAsync(string key, Receipt? receipt = null, string view = "account") =>
        await Engine.ReadAsync(view, key, receipt, Patience);

    public async Task<string> StateAsync(string key, Receipt? receipt = null, string view = "account") =>
        await ReadAsync(key, receipt, view) is { Envelope: { } envelope } ? Encoding.UTF8.GetString(envelope.State.Span) : "none";

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Log.DisposeAsync();
    }
}
