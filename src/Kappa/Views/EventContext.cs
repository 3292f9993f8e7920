using System.Text;
using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// What a key selector or a fold may know of an event besides its data. All of it stands in the log, so that it is the
/// same at every fold. Valid during the call only.
/// </summary>
public readonly struct EventContext(RecordedEvent recorded, string key)
{
    /// <summary>The key of the instance that is being folded; empty in a key selector.</summary>
    public string Key { get; } = key;

    public Position Position => recorded.Position;

    /// <summary>The event's <c>time</c> in UTC; the append time if it has none.</summary>
    public DateTimeOffset Time => recorded.Time;

    /// <summary>The month of <see cref="Time"/> in UTC, as in <c>2010-12</c>.</summary>
    public string Month => MonthName.Of(recorded.TimeTicks);

    public DateTimeOffset Appended => recorded.Appended;

    public string Id => Encoding.UTF8.GetString(recorded.Id);
    public string Source => Encoding.UTF8.GetString(recorded.Source);
    public string Type => Encoding.UTF8.GetString(recorded.Type);

    /// <summary>Empty if the event has none.</summary>
    public string Subject => Encoding.UTF8.GetString(recorded.Subject);
}
