using Kappa.Engine.Records;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.History;

/// <summary>
/// Which of an instance's applied events lie in a cut: all before ordinal <paramref name="FirstOutside"/>, some from there
/// up to <paramref name="LastInside"/> (-1 if none does), none after that. Where several partitions feed an instance, those in
/// the cut need not be the first ones.
/// </summary>
internal readonly record struct CutRange(long FirstOutside, long LastInside)
{
    /// <summary>True if the instance has been in the state as of the cut: then its version was <see cref="FirstOutside"/>.</summary>
    public bool IsVersion => LastInside < FirstOutside;

    public static CutRange Of(PositionChain applied, InstanceRecord record, Cut cut)
    {
        var (firstOutside, lastInside) = (record.Version, -1L);
        // Positions of one partition ascend: before the last one inside the cut, all of that partition are inside. So the walk
        // goes back from the end only until every partition has shown one.
        var settled = default(PartitionMarks);
        for (var ordinal = record.Version - 1; ordinal >= 0 && settled.Count < record.Seen.Count;)
        {
            var run = applied.RunAt(ordinal, out var first);
            for (var i = ordinal - first; i >= 0; i--)
                if (!cut.Contains(run[i]))
                    firstOutside = first + i;
                else
                {
                    lastInside = Math.Max(lastInside, first + i);
                    settled.Set(run[i]);
                }
            ordinal = first - 1;
        }
        return new CutRange(firstOutside, lastInside);
    }
}
