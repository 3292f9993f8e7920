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

    public EngineHarness(params View[] views)
    {
        Engine = Open(views);
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public MemoryLog Log { get; } = new();
    public EventTypes Types { get; } = AccountView.Types();
    public SimulatedDisk Disk { get; private set; } = new();
    public EngineOptions Options { get; } = new() { Shards = 2 };
    public ViewEngine Engine { get; private set; }

    public ViewEngine Open(params View[] views) =>
        ViewEngine.Open(Log, Types, views.Length == 0 ? [new AccountView()] : views, "/views", Options, Disk);

    public async Task RestartAsync(params View[] views)
    {
        await Engine.DisposeAsync();
        Engine = Open(views);
    }

    public async Task<Receipt> AppendAsync(params object[] records)
    {
        using var batch = new EventBatch();
        foreach (var record in records)
            batch.Add(CloudEvent.Of(Types, record, $"e{++_ids}", "/tests", record switch
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
