using Kappa.Events;
using Kappa.Log;

namespace Kappa.Views;

/// <summary>
/// One key's state of one view: the heart of every engine. It takes recorded events in order, drops what it already
/// has, folds, counts and digests, and says what happened. It knows nothing of disks, grains or sockets. Not
/// thread-safe: its owner gives it one event at a time.
/// </summary>
public sealed class ViewInstance<TState> where TState : class, IViewState<TState>
{
    private readonly InstanceDigest _digest;
    private PartitionMarks _seen;
    private PartitionMarks _heldFrom;
    private PositionList? _held;

    public ViewInstance(string key)
    {
        Key = key;
        _digest = new InstanceDigest(key);
    }

    public string Key { get; }

    /// <summary>The state; null before the first event and after a deletion.</summary>
    public TState? State { get; private set; }

    /// <summary>How many events it has applied.</summary>
    public long Version { get; private set; }

    /// <summary>See <see cref="InstanceDigest"/>.</summary>
    public UInt128 Digest { get; private set; }

    /// <summary>The last applied event's position, time and append time; meaningful from version 1 on.</summary>
    public Position Last { get; private set; }
    public long TimeTicks { get; private set; }
    public long AppendedTicks { get; private set; }

    /// <summary>Where and why it stopped, or null.</summary>
    public Quarantine? Quarantine { get; private set; }

    /// <summary>How many events are held for it.</summary>
    public long HeldCount { get; private set; }

    /// <summary>The positions applied, in order, since the owner last took them away into the history.</summary>
    public PositionList Applied { get; } = new();

    /// <summary>The positions held, in order, since the owner last took them away.</summary>
    public PositionList Held => _held ??= new();

    /// <summary>For each partition the last sequence that was applied or held.</summary>
    public ref readonly PartitionMarks Seen => ref _seen;

    /// <summary>For each partition the first sequence that is held.</summary>
    public ref readonly PartitionMarks HeldFrom => ref _heldFrom;

    /// <summary>Gives it an event. Positions of one partition must come in order; a repeat is dropped.</summary>
    /// <param name="type">The event's registered type; it decodes the data where <paramref name="decoded"/> is null.</param>
    /// <param name="failure">What the fold threw, if it did.</param>
    public InstanceOutcome Take(FoldHandler<TState> handler, EventType type, object? decoded, in RecordedEvent recorded, out Exception? failure)
    {
        failure = null;
        var position = recorded.Position;
        if (position.Sequence <= _seen.Of(position.Partition))
            return InstanceOutcome.AlreadyApplied;
        if (Quarantine is not null)
        {
            Hold(position);
            return InstanceOutcome.Held;
        }
        try
        {
            State = handler.Fold(State ?? TState.Start(Key), decoded ?? type.Decode(recorded.Data.Span), new EventContext(recorded, Key));
        }
#pragma warning disable CA1031 // Whatever an author's fold throws stops this instance, and only this one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
            return InstanceOutcome.Threw;
        }
        _seen.Set(position);
        Version++;
        Digest += _digest.Of(position);
        Applied.Add(position);
        Last = position;
        TimeTicks = recorded.TimeTicks;
        AppendedTicks = recorded.AppendedTicks;
        return InstanceOutcome.Applied;
    }

    /// <summary>Stops the instance at an event: that one and all later ones are held.</summary>
    public void Stop(Position position, string reason)
    {
        Quarantine = new Quarantine(position, reason);
        Hold(position);
    }

    /// <summary>Holds an event of a quarantined instance; a repeat is dropped.</summary>
    public void Hold(Position position)
    {
        if (position.Sequence <= _seen.Of(position.Partition))
            return;
        _seen.Set(position);
        if (_heldFrom.Of(position.Partition) < 0)
            _heldFrom.Set(position);
        Held.Add(position);
        HeldCount++;
    }

    /// <summary>Puts a stored instance back: everything but the lists, which stay with the owner's history.</summary>
    public void Load(TState? state, long version, UInt128 digest, Position last, long timeTicks, long appendedTicks,
        in PartitionMarks seen, Quarantine? quarantine = null, long heldCount = 0, in PartitionMarks heldFrom = default)
    {
        (State, Version, Digest) = (state, version, digest);
        (Last, TimeTicks, AppendedTicks) = (last, timeTicks, appendedTicks);
        (Quarantine, HeldCount) = (quarantine, heldCount);
        _seen = seen;
        _heldFrom = heldFrom;
    }

    /// <summary>What a position adds to this instance's digest; an audit adds up the same.</summary>
    public UInt128 DigestOf(Position position) => _digest.Of(position);
}
