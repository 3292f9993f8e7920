using Kappa.Engine.History;
using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>An instance as of a cut: as it stands if all of it lies inside, else folded again from those of its events that do.</summary>
internal static class InstancePast
{
    public static async Task<InstanceMoment> AtAsync<TState>(View<TState> view, ViewRouter<TState> router, ILogReader log, FoldedState<TState> state,
        InstanceDocument document, List<Position> applied, Cut cut) where TState : class, IViewState<TState>
    {
        var instance = state.Instance;
        for (var i = 0; i < instance.HeldFrom.Count; i++)
            if (cut.Contains(instance.HeldFrom[i]))
                return new InstanceMoment(0, 0, 0, 0, [], false, true, state.Generation);
        if (applied.TrueForAll(cut.Contains))
        {
            if (document.Record.Length == 0)
                return new InstanceMoment(0, 0, 0, 0, [], true, false, state.Generation);
            var record = InstanceRecord.Read(document.Record);
            return new InstanceMoment(record.Version, PositionList.Pack(record.Last), record.TimeTicks, record.AppendedTicks,
                record.HasState ? document.Record[record.StateOffset..] : [], true, false, state.Generation);
        }
        using var fold = new InstanceFold<TState>(view, router);
        using var events = new EventFetcher(log);
        fold.Start(instance.Key, null);
        var (last, time, appended, lastInside) = (default(Position), 0L, 0L, -1);
        for (var i = 0; i < applied.Count; i++)
        {
            if (!cut.Contains(applied[i]))
                continue;
            var recorded = await events.GetAsync(applied[i], CancellationToken.None);
            fold.Take(recorded);
            (last, time, appended, lastInside) = (applied[i], recorded.TimeTicks, recorded.AppendedTicks, i);
        }
        return new InstanceMoment(fold.Version, PositionList.Pack(last), time, appended, fold.Write() ?? [], lastInside + 1 == fold.Version, false, state.Generation);
    }
}
