using Kappa.Engine.History;
using Kappa.Grains.Auditing;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Instances;

/// <summary>Makes an instance have what it must have: for its auditors, after a fix of its fold, and for an event that was held at the view.</summary>
internal sealed class InstanceRepairs<TState>(StoredInstance<TState> stored, ILogReader log) where TState : class, IViewState<TState>
{
    /// <summary>See <see cref="IViewGrain.AuditAsync"/>.</summary>
    public async Task<AuditAnswer> AuditAsync(AuditQuestion question)
    {
        var memory = await stored.LoadAsync();
        var difference = AuditDifference.Of(question, memory.State);
        var refolded = false;
        if (difference.CanAppend(memory.State.Instance))
        {
            using var missing = new MissingEvents(question, log);
            foreach (var sequence in difference.Missing)
                await stored.TakeAsync(await missing.GetAsync(sequence));
        }
        else if (difference.Any)
        {
            var (applied, held) = await stored.HistoryAsync();
            await ReorderAsync(difference.Apply([.. applied, .. held]));
            refolded = true;
        }
        (await stored.LoadAsync()).State.SetAudited(question.Partition, question.Next);
        await stored.SettledAsync();
        return new AuditAnswer(difference.Missing.Count, difference.Extra.Count, refolded);
    }

    /// <summary>See <see cref="IViewGrain.InsertAsync"/>.</summary>
    public async Task<InstanceRetry> InsertAsync(Position position)
    {
        var memory = await stored.LoadAsync();
        if (memory.State.Instance.Quarantine is { } stopped)
            return new InstanceRetry(true, 0, 1, PositionList.Pack(stopped.Position),
                $"The instance '{stored.Key}' that it goes to is quarantined; retry that first. {stopped.Reason}");
        var (applied, held) = await stored.HistoryAsync();
        if (applied.Contains(position))
            return new InstanceRetry(false, 0, 0, 0, null);
        AuditDifference.Insert(applied, position);
        await ReorderAsync([.. applied, .. held]);
        var now = (await stored.SettledAsync()).State.Instance;
        return now.Quarantine is { } again
            ? new InstanceRetry(true, 0, now.HeldCount, PositionList.Pack(again.Position), again.Reason)
            : new InstanceRetry(false, 1, 0, 0, null);
    }

    /// <summary>See <see cref="IViewGrain.RetryAsync"/>.</summary>
    public async Task<InstanceRetry> RetryAsync()
    {
        var memory = await stored.SettledAsync();
        if (memory.State.Instance.Quarantine is null)
            return new InstanceRetry(false, 0, 0, 0, null);
        var (_, held) = await stored.HistoryAsync();
        await stored.FoldAsync(() => FoldedState<TState>.LoadReleased(stored.View, stored.Router, stored.Key, memory.Document), held, held.Count, "The retry goes on.");
        var now = (await stored.SettledAsync()).State.Instance;
        return new InstanceRetry(true, held.Count - now.HeldCount, now.HeldCount, now.Quarantine is { } stop ? PositionList.Pack(stop.Position) : 0, now.Quarantine?.Reason);
    }

    /// <summary>Folds the instance from nothing in an order that it did not have before.</summary>
    private async Task ReorderAsync(List<Position> positions)
    {
        var generation = Math.Max((await stored.LoadAsync()).State.Generation + 1, 1);
        await stored.FoldAsync(() =>
        {
            var fresh = FoldedState<TState>.Fresh(stored.View, stored.Router, stored.Key);
            fresh.Generation = generation;
            return fresh;
        }, positions, positions.Count, "");
    }
}
