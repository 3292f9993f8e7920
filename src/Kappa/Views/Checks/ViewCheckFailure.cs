using System.Globalization;
using System.Text;
using Kappa.Events;

namespace Kappa.Views.Checks;

/// <summary>The smallest case found in which two ways to hand out the same events gave one key two states.</summary>
public sealed class ViewCheckFailure
{
    private readonly Delivery[] _inOrder;
    private readonly Delivery[] _plan;

    internal ViewCheckFailure(string view, string key, int seed, IReadOnlyList<RecordedEvent> events,
        Delivery[] inOrder, string? stateInOrder, Delivery[] plan, string? state)
    {
        (View, Key, Seed, _inOrder, _plan) = (view, key, seed, inOrder, plan);
        (StateInOrder, State) = (stateInOrder, state);
        Events = [.. inOrder.Select(delivery => events[delivery.Event])];
    }

    public string View { get; }
    public string Key { get; }

    /// <summary>Give it to the check again, with the same events, to see the same failure.</summary>
    public int Seed { get; }

    /// <summary>The events that are enough to show it, in the order of their appends.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; }

    /// <summary>The state as JSON after the events in the order of their appends; null if there is none.</summary>
    public string? StateInOrder { get; }

    /// <summary>The state as JSON after the events as they were handed out in the failing case.</summary>
    public string? State { get; }

    /// <summary>What is wrong with the view, in a sentence.</summary>
    public string Reason =>
        !_plan.Select(delivery => delivery.Event).SequenceEqual(_inOrder.Select(delivery => delivery.Event))
            ? "depends on the order in which events of different partitions come"
        : _plan.Any(delivery => delivery.Reload) ? "does not survive being stored and read back"
        : "differs when the same events are folded again in the same order";

    /// <summary>The whole case, to be read by people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The state of view {View} {Reason}. Key \"{Key}\", seed {Seed}, {Events.Count} events are enough:\n");
        for (var i = 0; i < Events.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"  {i + 1}. {Events[i]} {Encoding.UTF8.GetString(Events[i].Data.Span)}\n");
        text.Append(CultureInfo.InvariantCulture, $"in the order {Written(_inOrder)} gives\n  {StateInOrder ?? "no state"}\n");
        text.Append(CultureInfo.InvariantCulture, $"in the order {Written(_plan)} gives\n  {State ?? "no state"}");
        return text.ToString();
    }

    private string Written(Delivery[] plan) => string.Join(", ", plan.Select(delivery =>
        (delivery.Reload ? "reload, " : "") + (Array.FindIndex(_inOrder, one => one.Event == delivery.Event) + 1).ToString(CultureInfo.InvariantCulture)));
}
