using System.Globalization;
using System.Text;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// A moment of the log, to read views as of: all events appended at a time or before, or a cut. Reads of several
/// instances, of any views, as of one cut belong together. Immutable.
/// </summary>
public sealed record AsOf
{
    private AsOf(DateTimeOffset? time, Cut? cut) => (Time, Cut) = (time, cut);

    /// <summary>The append time, inclusive; null if this is a cut.</summary>
    public DateTimeOffset? Time { get; }

    /// <summary>The cut; null if this is a time.</summary>
    public Cut? Cut { get; }

    public static AsOf At(DateTimeOffset time) => new(time.ToUniversalTime(), null);

    public static AsOf At(Cut cut)
    {
        ArgumentNullException.ThrowIfNull(cut);
        return new AsOf(null, cut);
    }

    /// <summary>Reads a time in RFC 3339 (to 100 ns; finer digits are cut off) or the written form of a cut; null for anything else.</summary>
    /// <param name="problem">Says what is wrong and what would be right; empty if nothing is.</param>
    public static AsOf? Parse(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        problem = "";
        if (text.Length > 0 && Log.Cut.TryParse(text, out var cut))
            return At(cut);
        if (Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var ticks))
            return At(new DateTimeOffset(ticks, TimeSpan.Zero));
        problem = $"at is '{text}', but must be a time as in 2011-05-31T10:12:00Z (in a URL, the + of an offset is written %2B) "
            + "or a cut as in 0:13,3:1043: for each partition the sequence before which events count, each partition once.";
        return null;
    }

    /// <summary>The cut that this moment is in a log.</summary>
    /// <exception cref="InvalidAsOfException">It lies in the future, beyond the end of the log, or names a partition that there is not.</exception>
    /// <exception cref="LogRetiredException">The log no longer has the events around that time.</exception>
    public async ValueTask<Cut> CutInAsync(ILogReader log, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(clock);
        if (Cut is null)
            return await CutAtTimeAsync(Time!.Value, log, clock, cancellationToken).ConfigureAwait(false);
        // What lies beyond the end as it is known here may lie before the one that the log tells.
        return LogCuts.EndOf(log).Covers(Cut) ? Cut : Checked(Cut, await LogCuts.EndAsync(log, cancellationToken).ConfigureAwait(false));
    }

    public override string ToString() => Cut is null ? Time!.Value.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture) : Cut.ToString();

    private static Cut Checked(Cut cut, Cut end)
    {
        for (var partition = 0; partition < cut.PartitionCount; partition++)
            if (cut[partition] > 0 && partition >= end.PartitionCount)
                throw new InvalidAsOfException($"at names partition {partition}, but the log has the partitions 0 to {end.PartitionCount - 1}. GET /log gives the current cut.");
            else if (cut[partition] > end[partition])
                throw new InvalidAsOfException($"at is {partition}:{cut[partition]}, but partition {partition} ends before {partition}:{end[partition]}: "
                    + "nothing is there yet. GET /log gives the current cut; to wait for an append, read with its receipt.");
        return cut;
    }

    private static async ValueTask<Cut> CutAtTimeAsync(DateTimeOffset time, ILogReader log, TimeProvider clock, CancellationToken cancellationToken)
    {
        // Taken first: what is appended during the search must not make a time that was to come look past.
        var now = clock.GetUtcNow();
        var end = time > now ? await LogCuts.EndAsync(log, cancellationToken).ConfigureAwait(false) : Cut.Zero;
        var cut = await LogCuts.AtAsync(log, time, cancellationToken).ConfigureAwait(false);
        // A log whose clock was ahead has settled what happened by then as soon as every partition has a later event.
        for (var partition = 0; time > now && partition < end.PartitionCount; partition++)
            if (cut[partition] >= end[partition])
                throw new InvalidAsOfException($"at is {At(time)}, but here it is {At(now)}: what will have happened by then is not known yet. "
                    + "Leave at out to read the newest state.");
        return cut;
    }
}
