using System.Globalization;

namespace Kappa.Capture;

/// <summary>
/// The files of one partition of a hub. Their names sort by time, so they are found by day: nothing is listed that is not needed, and no more is
/// kept than the lists of a few days and, for each day that was asked for, where it begins. Used by one at a time.
/// </summary>
internal sealed class CapturedHubFiles(ICaptureStore store, string prefix, TimeProvider time)
{
    private const int DaysMax = 4;

    private readonly Dictionary<DateOnly, (DateOnly Day, long First)> _begins = [];
    // The one listed last at the end.
    private readonly List<(DateOnly Day, List<CapturedHubFile> Files)> _days = [];
    private DateOnly _oldest;

    /// <summary>The sequence of the first event; -1 if there is none.</summary>
    public async ValueTask<long> FirstAsync(CancellationToken cancellationToken)
    {
        if (await FirstBelowAsync("", cancellationToken).ConfigureAwait(false) is not { } oldest
            || await BeginAsync(oldest, cancellationToken).ConfigureAwait(false) is not { } begin)
            return -1;
        _oldest = begin.Day;
        return begin.First;
    }

    /// <summary>The last file that begins at a sequence or before it; one that begins earlier will do, too. Only after <see cref="FirstAsync"/> found something.</summary>
    public async ValueTask<CapturedHubFile> FindAsync(long sequence, CancellationToken cancellationToken)
    {
        var (low, high) = (_oldest, Today());
        while (low < high)
        {
            var middle = low.AddDays((high.DayNumber - low.DayNumber + 1) / 2);
            if (await BeginAsync(middle, cancellationToken).ConfigureAwait(false) is { } begin && begin.Day <= high && begin.First <= sequence)
                low = begin.Day;
            else
                high = middle.AddDays(-1);
        }
        var files = await DayFromAsync(low, cancellationToken).ConfigureAwait(false)
            ?? throw new FileNotFoundException($"The capture files {store.Describe(prefix)}, from {low:yyyy-MM-dd} on, are missing.");
        return files[await FindAsync(files, sequence, cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>The file after another one; null where the capture ends. Looks again for what was captured since.</summary>
    public async ValueTask<CapturedHubFile?> AfterAsync(CapturedHubFile file, CancellationToken cancellationToken) =>
        Next(await OfAsync(file.Day, cancellationToken).ConfigureAwait(false), file)
        // The list may be of a time when the day was not over.
        ?? Next(await ListAsync(file.Day, cancellationToken).ConfigureAwait(false), file)
        ?? (await DayFromAsync(file.Day.AddDays(1), cancellationToken).ConfigureAwait(false))?[0];

    /// <summary>Forgets which files there are: a file may have come that should have been among them.</summary>
    public void Forget() => _days.Clear();

    private static CapturedHubFile? Next(List<CapturedHubFile> files, CapturedHubFile file)
    {
        var at = files.FindIndex(one => string.CompareOrdinal(one.Path, file.Path) > 0);
        return at < 0 ? null : files[at];
    }

    private static async ValueTask<int> FindAsync(List<CapturedHubFile> files, long sequence, CancellationToken cancellationToken)
    {
        var (low, high) = (0, files.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            // Files without events tell nothing; the next that has some does.
            var filled = middle;
            while (filled <= high && await files[filled].FirstAsync(cancellationToken).ConfigureAwait(false) < 0)
                filled++;
            if (filled <= high && await files[filled].FirstAsync(cancellationToken).ConfigureAwait(false) <= sequence)
                low = filled;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>The first day at a date or after it that has events, and where it begins. Kept: a file that came later than others only makes a day begin earlier.</summary>
    private async ValueTask<(DateOnly Day, long First)?> BeginAsync(DateOnly date, CancellationToken cancellationToken)
    {
        if (_begins.TryGetValue(date, out var known))
            return known;
        for (var from = date; await DayFromAsync(from, cancellationToken).ConfigureAwait(false) is { } files; from = files[0].Day.AddDays(1))
            foreach (var file in files)
                if (await file.FirstAsync(cancellationToken).ConfigureAwait(false) is >= 0 and var first)
                    return _begins[date] = (file.Day, first);
        return null;
    }

    /// <summary>The files of the first day at a date or after it that has any; null if there is none up to today.</summary>
    private async ValueTask<List<CapturedHubFile>?> DayFromAsync(DateOnly date, CancellationToken cancellationToken)
    {
        for (var last = Today(); date <= last;)
        {
            // Years and months without a file are passed over with one question each.
            var (below, next) = date switch
            {
                { Month: 1, Day: 1 } => ("yyyy/", date.AddYears(1)),
                { Day: 1 } => ("yyyy/MM/", date.AddMonths(1)),
                _ => ("yyyy/MM/dd/", date.AddDays(1)),
            };
            if (await FirstBelowAsync(date.ToString(below, CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false) is { } day
                && await OfAsync(day, cancellationToken).ConfigureAwait(false) is { Count: > 0 } files)
                return files;
            date = next;
        }
        return null;
    }

    /// <summary>The day of the first file below a folder.</summary>
    private async ValueTask<DateOnly?> FirstBelowAsync(string folder, CancellationToken cancellationToken)
    {
        await foreach (var path in store.ListAsync(prefix + folder, cancellationToken).ConfigureAwait(false))
            if (CaptureLayout.TryParse(path, out var name))
                return DayOf(name);
        return null;
    }

    private async ValueTask<List<CapturedHubFile>> OfAsync(DateOnly day, CancellationToken cancellationToken) =>
        _days.Find(known => known.Day == day).Files ?? await ListAsync(day, cancellationToken).ConfigureAwait(false);

    private async ValueTask<List<CapturedHubFile>> ListAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var before = _days.Find(known => known.Day == day).Files?.ToDictionary(file => file.Path) ?? [];
        var files = new List<CapturedHubFile>();
        await foreach (var path in store.ListAsync($"{prefix}{day.ToString("yyyy/MM/dd/", CultureInfo.InvariantCulture)}", cancellationToken).ConfigureAwait(false))
            if (CaptureLayout.TryParse(path, out _))
                files.Add(before.GetValueOrDefault(path) ?? new CapturedHubFile(store, path, day));
        _days.RemoveAll(known => known.Day == day);
        if (_days.Count == DaysMax)
            _days.RemoveAt(0);
        _days.Add((day, files));
        return files;
    }

    private static DateOnly DayOf(CaptureName name) => DateOnly.FromDateTime(new DateTime(name.Second * TimeSpan.TicksPerSecond, DateTimeKind.Utc));

    /// <summary>The last day that a file may be of: clocks differ.</summary>
    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1);
}
