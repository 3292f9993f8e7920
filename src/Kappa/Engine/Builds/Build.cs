using Kappa.Engine.Diffing;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Builds;

/// <summary>One build with its runner, and how far it is. Thread-safe, but for <see cref="PauseAsync"/> and <see cref="Resume"/>, which are called one at a time.</summary>
internal sealed class Build(ViewRunner runner, BuildProgress progress, ILogReader log) : IAsyncDisposable
{
    private const int DiffsMax = 4;

    private Cut _target = LogCuts.EndOf(log);
    private readonly List<BuildDiff> _diffs = [];
    private IDisposable? _pause = runner.HeldAtStart;

    public ViewRunner Runner { get; } = runner;
    public BuildDirectory Directory => Runner.Build;
    public string Name => Directory.Name;
    public string Id => Directory.Id;
    public bool IsPaused => Volatile.Read(ref _pause) is not null;

    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        if (IsPaused)
            return;
        var hold = await Runner.HoldAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Directory.SetPaused(true);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
        Volatile.Write(ref _pause, hold);
    }

    public void Resume()
    {
        Directory.SetPaused(false);
        progress.Restart(Runner.Watermark);
        Volatile.Write(ref _target, LogCuts.EndOf(log));
        Interlocked.Exchange(ref _pause, null)?.Dispose();
    }

    /// <summary>Keeps a diff for those who read on in it; the oldest goes when there are too many.</summary>
    public void Keep(BuildDiff diff)
    {
        lock (_diffs)
        {
            _diffs.RemoveAll(kept => kept.Cut.Equals(diff.Cut));
            _diffs.Add(diff);
            if (_diffs.Count > DiffsMax)
                _diffs.RemoveAt(0);
        }
    }

    /// <summary>A diff at a cut that was kept.</summary>
    public BuildDiff? DiffAt(string cut)
    {
        lock (_diffs)
            return _diffs.Find(diff => diff.Cut.ToString() == cut);
    }

    public void ForgetDiffs()
    {
        lock (_diffs)
            _diffs.Clear();
    }

    /// <summary>Where it stands if it neither serves nor served before.</summary>
    public RebuildState State => Runner.Info switch
    {
        { Status: ViewStatus.Failed } => RebuildState.Failed,
        { Status: ViewStatus.Stale } => RebuildState.Frozen,
        _ when IsPaused => RebuildState.Paused,
        { Status: ViewStatus.CatchingUp } => RebuildState.Building,
        // Few events behind is not there: it must have had all that the log held when it was started.
        { Watermark: var watermark } when !watermark.Covers(Volatile.Read(ref _target)) => RebuildState.Building,
        _ => RebuildState.Ready,
    };

    public RebuildInfo Info(RebuildState state)
    {
        var info = Runner.Info;
        return progress.Of(new RebuildInfo(Id, info.View, info.Version, state, info.Watermark, 0, 0, 0, 0, 0, null, info.Instances, info.Quarantined, info.Held, info.Problem));
    }

    public async ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _pause, null)?.Dispose();
        await Runner.DisposeAsync().ConfigureAwait(false);
    }
}
