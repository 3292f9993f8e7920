using Kappa.Grains.Instances;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Auditing;

/// <summary>What an instance lacks, and has too much, of what an auditor asks it for.</summary>
internal sealed record AuditDifference(int Partition, List<long> Missing, List<long> Extra)
{
    public bool Any => Missing.Count > 0 || Extra.Count > 0;

    public static AuditDifference Of<TState>(AuditQuestion question, FoldedState<TState> state) where TState : class, IViewState<TState>
    {
        // Below what was proven before, nothing is asked again: those positions may stand in chunks by now.
        var from = Math.Max(question.From, state.Audited(question.Partition));
        var has = new HashSet<long>();
        Collect(state.Instance.Applied);
        Collect(state.Instance.Held);
        var missing = new List<long>();
        foreach (var sequence in question.Sequences)
            if (sequence >= from && !has.Remove(sequence))
                missing.Add(sequence);
        return new AuditDifference(question.Partition, missing, [.. has]);

        void Collect(PositionList positions)
        {
            for (var i = 0; i < positions.Count; i++)
                if (positions[i] is var position && position.Partition == question.Partition && position.Sequence >= from && position.Sequence < question.Next)
                    has.Add(position.Sequence);
        }
    }

    /// <summary>True if what is missing comes after everything that the instance has of the partition: then nothing need be folded again.</summary>
    public bool CanAppend<TState>(ViewInstance<TState> instance) where TState : class, IViewState<TState> =>
        Missing.Count > 0 && Extra.Count == 0 && Missing[0] > instance.Seen.Of(Partition);

    /// <summary>All positions of the instance as they should be: each partition's in order, those that it has where they were.</summary>
    public List<Position> Apply(List<Position> all)
    {
        var extra = Extra.ToHashSet();
        all.RemoveAll(position => position.Partition == Partition && extra.Contains(position.Sequence));
        foreach (var sequence in Missing)
            Insert(all, new Position(Partition, sequence));
        return all;
    }

    /// <summary>Puts a position before the first later one of its partition.</summary>
    public static void Insert(List<Position> positions, Position position)
    {
        var at = positions.FindIndex(other => other.Partition == position.Partition && other.Sequence > position.Sequence);
        positions.Insert(at < 0 ? positions.Count : at, position);
    }
}
