using System.Collections.Concurrent;
using Kappa.Engine.Folding;
using Kappa.Engine.Records;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>
/// What writing an instance takes besides the instance. Rented for the time of one write, since there are far more instances than writes at a
/// time. Renting is thread-safe; what is rented is not.
/// </summary>
internal sealed class StateScratch<TState> : IDisposable where TState : class, IViewState<TState>
{
    private const int IdleMax = 64;
    private const int KeptBytesMax = 64 << 10;

    private static readonly ConcurrentBag<StateScratch<TState>> _idle = [];

    private StateScratch()
    {
    }

    public StateWriter<TState> States { get; } = new();

    /// <summary>The state as JSON.</summary>
    public RecordWriter State { get; private set; } = new();

    public RecordWriter Record { get; private set; } = new();

    public static StateScratch<TState> Rent() => _idle.TryTake(out var idle) ? idle : new StateScratch<TState>();

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (Math.Max(State.Length, Record.Length) > KeptBytesMax)
            (State, Record) = (new RecordWriter(), new RecordWriter());
        if (_idle.Count < IdleMax)
            _idle.Add(this);
        else
            States.Dispose();
    }
}
