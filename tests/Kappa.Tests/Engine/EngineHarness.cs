using Kappa.Contracts;
using Kappa.Engine;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Views;

namespace Kappa.Tests.Engine;

/// <summary>A log and the embedded engine over it in memory, restartable with other views on the same store.</summary>
internal sealed class EngineHarness : ViewsHost
{
    private readonly TimeProvider? _time;

    public EngineHarness(params View[] views) : this(null, views)
    {
    }

    public EngineHarness(TimeProvider? time, params View[] views) : this(time, null, views)
    {
    }

    public EngineHarness(TimeProvider? time, Action<EngineOptions>? options, params View[] views)
    {
        _time = time;
        options?.Invoke(Options);
        Log = new MemoryLog(time: time);
        Engine = Open(views);
    }

    public MemoryLog Log { get; }
    public SimulatedDisk Disk { get; set; } = new();
    public EngineOptions Options { get; } = new() { Shards = 2 };
    public ViewEngine Engine { get; private set; }
    public override ILogWriter Writer => Log;
    public override ILogReader Reader => Log;
    public override IViews Views => Engine;
    public override IRebuilds Rebuilds => Engine.Rebuilds;

    public ViewEngine Open(params View[] views) =>
        ViewEngine.Open(Log, Types, views.Length == 0 ? [new AccountView()] : views, "/views", Options, Disk, _time);

    public override async Task RestartAsync(params View[] views)
    {
        await Engine.DisposeAsync();
        Engine = Open(views);
    }

    public override async Task CaughtUpAsync(string view = "account")
    {
        // Any key of each shard will do; a handful of keys meets them all.
        var end = new Receipt(LogCuts.EndOf(Log));
        for (var i = 0; i < 16; i++)
            Assert.NotEqual(ReadStatus.NotYet, (await Engine.ReadAsync(view, $"any{i}", end, Patience)).Status);
    }

    public override async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Log.DisposeAsync();
    }
}
