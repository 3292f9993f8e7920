using System.Globalization;
using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>
/// One fold of the log for a part of the keys. As an engine does, but that everything is in memory and an instance
/// that stops is only noted. Not thread-safe.
/// </summary>
internal sealed class FoldRun<TState>(View<TState> view, EventTypes types, Func<string, bool> wanted) : IDisposable
    where TState : class, IViewState<TState>
{
    private readonly ViewRouter<TState> _router = new(view, types);
    private readonly Dictionary<string, FoldedInstance<TState>> _instances = new(StringComparer.Ordinal);
    private readonly StateBytes<TState> _bytes = new();
    private RoutedKeys _keys;

    /// <summary>Store each state and read it back as often as its size allows.</summary>
    public bool Reload { get; init; }

    /// <summary>Ask lookups and ranks after every event, and keep <see cref="Bytes"/>.</summary>
    public bool Measure { get; init; }

    /// <summary>Told of each event that cannot be routed.</summary>
    public Action<FoldStop>? Unroutable { get; init; }

    /// <summary>About how much memory the instances take; only while measuring.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many events went to at least one key, wanted or not.</summary>
    public long Events { get; private set; }

    public IReadOnlyDictionary<string, FoldedInstance<TState>> Instances => _instances;

    /// <summary>A culture in which hardly anything is written as in the invariant one, like that of many a machine.</summary>
    public static CultureInfo OtherCulture { get; } = MakeOtherCulture();

    public void Take(in RecordedEvent recorded)
    {
        var route = _router.Route(recorded, ref _keys);
        if (route.Status == RouteStatus.Unroutable)
            Unroutable?.Invoke(new FoldStop(FoldProblemKind.Unroutable, recorded.Position, route.Problem!));
        if (route.Status != RouteStatus.Routed || _keys.Count == 0)
            return;
        Events++;
        for (var i = 0; i < _keys.Count; i++)
            if (wanted(_keys[i]))
                Fold(_keys[i], route, i == 0 ? route.Decoded : null, recorded);
    }

    /// <summary>Forgets the instances that are not wanted any more.</summary>
    public void Narrow()
    {
        foreach (var (key, folded) in _instances)
            if (!wanted(key))
            {
                Bytes -= folded.Bytes;
                _instances.Remove(key);
            }
    }

    public FoldOutcome OutcomeOf(FoldedInstance<TState> folded)
    {
        if (folded.Stopped is { } stopped)
            return new FoldOutcome(folded.Instance.Version, 0, stopped);
        if (folded.Instance.State is not { } state)
            return new FoldOutcome(folded.Instance.Version, 0, null);
        return _bytes.Write(state, out var reason) is { } bytes
            ? new FoldOutcome(folded.Instance.Version, StateBytes<TState>.Hash(folded.Instance.Key, bytes.Span), null)
            : new FoldOutcome(folded.Instance.Version, 0, new FoldStop(FoldProblemKind.NotWritable, folded.Instance.Last, reason!));
    }

    public void Dispose() => _bytes.Dispose();

    private void Fold(string key, in Route<TState> route, object? decoded, in RecordedEvent recorded)
    {
        if (!_instances.TryGetValue(key, out var folded))
            _instances.Add(key, folded = new FoldedInstance<TState>(key, recorded.Position.Partition));
        else if (folded.Partition != recorded.Position.Partition)
            folded.Partition = -1;
        if (folded.Stopped is not null || Reload && !Restore(folded, recorded))
            return;
        var instance = folded.Instance;
        if (instance.Take(route.Handler, route.Type, decoded, recorded, out var failure) == InstanceOutcome.Threw)
        {
            folded.Stopped = new FoldStop(FoldProblemKind.FoldThrows, recorded.Position, FoldFailure.Describe(failure!));
            return;
        }
        instance.Applied.Clear();
        if (Measure)
            Look(folded);
    }

    /// <summary>Stores the state and reads it back once its events have paid for it: small ones every time, large ones now and then.</summary>
    private bool Restore(FoldedInstance<TState> folded, in RecordedEvent recorded)
    {
        const int bytesPerEvent = 1024;
        folded.ReloadCredit += bytesPerEvent + recorded.Record.Length;
        var instance = folded.Instance;
        if (instance.State is not { } state || folded.ReloadCredit < folded.ReloadBytes)
            return true;
        var (back, bytes, kind, reason) = _bytes.Reload(state);
        if (reason is not null)
            folded.Stopped = new FoldStop(kind, instance.Last, reason);
        else
            instance.Load(back, instance.Version, instance.Digest, instance.Last, instance.TimeTicks, instance.AppendedTicks, instance.Seen);
        (folded.ReloadCredit, folded.ReloadBytes) = (0, bytes);
        return reason is null;
    }

    private void Look(FoldedInstance<TState> folded)
    {
        var instance = folded.Instance;
        if (instance.State is { } state && IndexProblem(state) is { } problem)
            folded.Stopped = new FoldStop(FoldProblemKind.IndexThrows, instance.Last, problem);
        if (instance.Version < folded.MeasureAt)
            return;
        const int bytesPerInstance = 500, bytesPerJsonByte = 4;
        var before = folded.Bytes;
        folded.MeasureAt = instance.Version * 2;
        folded.Bytes = bytesPerInstance + 2 * instance.Key.Length;
        if (instance.State is { } measured && folded.Stopped is null)
        {
            if (_bytes.Write(measured, out var reason) is { } bytes)
                folded.Bytes += bytesPerJsonByte * bytes.Length;
            else
                folded.Stopped = new FoldStop(FoldProblemKind.NotWritable, instance.Last, reason!);
        }
        Bytes += folded.Bytes - before;
    }

    private string? IndexProblem(TState state)
    {
        var name = "";
        try
        {
            for (var i = 0; i < view.Lookups.Count; i++)
            {
                name = $"lookup {view.Lookups[i].Name}";
                view.LookupValue(i, state);
            }
            for (var i = 0; i < view.Ranks.Count; i++)
            {
                name = $"rank {view.Ranks[i].Name}";
                view.RankValue(i, state);
            }
            return null;
        }
#pragma warning disable CA1031 // Whatever an author's selector throws is what this looks for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"{name}: {FoldFailure.Describe(e)}";
        }
    }

    private static CultureInfo MakeOtherCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
        (culture.NumberFormat.NegativeSign, culture.NumberFormat.CurrencyDecimalSeparator) = ("−", ",");
        (culture.DateTimeFormat.ShortDatePattern, culture.DateTimeFormat.DateSeparator) = ("dd.MM.yyyy", ".");
        return culture;
    }
}
