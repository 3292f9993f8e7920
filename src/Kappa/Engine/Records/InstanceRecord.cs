using System.Text;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Engine.Records;

/// <summary>
/// The stored form of an instance, one record of the shard's store, rewritten at each commit that changes it:
/// <code>
///   kind = 1 · key · flags (1 state, 2 quarantined) · version · digest (16) · generation (8) · last partition, sequence
///   · time (8) · append time (8) · seen marks · applied: last chunk + 1, in chunks, tail · last checkpoint + 1
///   · [quarantined: position, reason, held from marks, held: last chunk + 1, in chunks, count, tail]
///   · lookup values · rank values · state as JSON, to the end
/// </code>
/// Numbers are varints unless a size is given. A tail is a count and packed positions; it has at most
/// <see cref="TailMax"/> of them, older ones stand in chunks of the history that are never rewritten.
/// </summary>
internal sealed class InstanceRecord
{
    public const byte Kind = 1;
    public const int TailMax = 64;

    private static readonly PositionList _none = new();

    public required string Key { get; init; }
    public long Version { get; init; }
    public UInt128 Digest { get; init; }
    public long Generation { get; init; }
    public Position Last { get; init; }
    public long TimeTicks { get; init; }
    public long AppendedTicks { get; init; }
    public PartitionMarks Seen { get; init; }
    public HistoryPointers Applied { get; init; }
    public PositionList AppliedTail { get; init; } = _none;
    public long LastCheckpoint { get; init; }
    public Quarantine? Quarantine { get; init; }
    public long HeldCount { get; init; }
    public PartitionMarks HeldFrom { get; init; }
    public HistoryPointers Held { get; init; } = HistoryPointers.None;
    public PositionList HeldTail { get; init; } = _none;
    public string?[] LookupValues { get; init; } = [];
    public decimal?[] RankValues { get; init; } = [];

    /// <summary>Where the state begins in the record; the state is everything from there. Empty for a deleted instance.</summary>
    public int StateOffset { get; init; }
    public bool HasState { get; init; }

    public static bool Is(ReadOnlySpan<byte> record) => record[0] == Kind;

    /// <summary>The key alone, for what only needs to know whose record it is.</summary>
    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record[1..]);
        return reader.Utf8();
    }

    /// <param name="known">The key, where it is known: then a fold asks, which needs no index values, and little is made for the collector.</param>
    public static InstanceRecord Read(ReadOnlySpan<byte> record, string? known = null)
    {
        var reader = new RecordReader(record[1..]);
        var utf8 = reader.Utf8();
        var key = known ?? Encoding.UTF8.GetString(utf8);
        var flags = reader.Byte();
        var version = reader.Varint();
        var digest = reader.Fixed128();
        var generation = reader.Fixed64();
        var last = new Position((int)reader.Varint(), reader.Varint());
        var (time, appended) = (reader.Fixed64(), reader.Fixed64());
        var seen = ReadMarks(ref reader);
        var applied = new HistoryPointers(reader.Varint() - 1, reader.Varint());
        var appliedTail = ReadTail(ref reader);
        var checkpoint = reader.Varint() - 1;
        Quarantine? quarantine = null;
        var (heldFrom, held, heldCount, heldTail) = (default(PartitionMarks), HistoryPointers.None, 0L, _none);
        if ((flags & 2) != 0)
        {
            quarantine = new Quarantine(new Position((int)reader.Varint(), reader.Varint()), reader.Text());
            heldFrom = ReadMarks(ref reader);
            held = new HistoryPointers(reader.Varint() - 1, reader.Varint());
            heldCount = reader.Varint();
            heldTail = ReadTail(ref reader);
        }
        var lookups = ReadLookups(ref reader, isWanted: known is null);
        var ranks = ReadRanks(ref reader, isWanted: known is null);
        return new InstanceRecord
        {
            Key = key, Version = version, Digest = digest, Generation = generation, Last = last, TimeTicks = time,
            AppendedTicks = appended, Seen = seen, Applied = applied, AppliedTail = appliedTail, LastCheckpoint = checkpoint,
            Quarantine = quarantine, HeldFrom = heldFrom, Held = held, HeldCount = heldCount, HeldTail = heldTail,
            LookupValues = lookups, RankValues = ranks,
            StateOffset = record.Length - reader.Rest.Length, HasState = (flags & 1) != 0,
        };
    }

    /// <summary>Writes everything but the state, which the caller then adds.</summary>
    public static void WriteHead<TState>(RecordWriter to, ViewInstance<TState> instance, long generation,
        HistoryPointers applied, HistoryPointers held, long checkpoint, string?[] lookups, decimal?[] ranks)
        where TState : class, IViewState<TState>
    {
        to.Byte(Kind);
        to.Text(instance.Key);
        to.Byte((byte)((instance.State is null ? 0 : 1) | (instance.Quarantine is null ? 0 : 2)));
        to.Varint(instance.Version);
        to.Fixed128(instance.Digest);
        to.Fixed64(generation);
        to.Varint(instance.Last.Partition);
        to.Varint(instance.Last.Sequence);
        to.Fixed64(instance.TimeTicks);
        to.Fixed64(instance.AppendedTicks);
        WriteMarks(to, instance.Seen);
        to.Varint(applied.LastChunk + 1);
        to.Varint(applied.InChunks);
        WriteTail(to, instance.Applied);
        to.Varint(checkpoint + 1);
        if (instance.Quarantine is { } quarantine)
        {
            to.Varint(quarantine.Position.Partition);
            to.Varint(quarantine.Position.Sequence);
            to.Text(quarantine.Reason);
            WriteMarks(to, instance.HeldFrom);
            to.Varint(held.LastChunk + 1);
            to.Varint(held.InChunks);
            to.Varint(instance.HeldCount);
            WriteTail(to, instance.Held);
        }
        to.Varint(lookups.Length);
        foreach (var value in lookups)
        {
            to.Byte(value is null ? (byte)0 : (byte)1);
            if (value is not null)
                to.Text(value);
        }
        to.Varint(ranks.Length);
        foreach (var value in ranks)
        {
            to.Byte(value is null ? (byte)0 : (byte)1);
            if (value is { } number)
                WriteDecimal(to, number);
        }
    }

    private static PartitionMarks ReadMarks(ref RecordReader reader)
    {
        var marks = default(PartitionMarks);
        for (var count = reader.Varint(); count > 0; count--)
            marks.Set(new Position((int)reader.Varint(), reader.Varint()));
        return marks;
    }

    private static void WriteMarks(RecordWriter to, in PartitionMarks marks)
    {
        to.Varint(marks.Count);
        for (var i = 0; i < marks.Count; i++)
        {
            to.Varint(marks[i].Partition);
            to.Varint(marks[i].Sequence);
        }
    }

    private static PositionList ReadTail(ref RecordReader reader)
    {
        var count = (int)reader.Varint();
        var tail = new PositionList(count);
        for (var i = 0; i < count; i++)
            tail.Add((ulong)reader.Varint());
        return tail;
    }

    private static void WriteTail(RecordWriter to, PositionList tail)
    {
        to.Varint(tail.Count);
        for (var i = 0; i < tail.Count; i++)
            to.Varint((long)tail.Packed[i]);
    }

    private static string?[] ReadLookups(ref RecordReader reader, bool isWanted)
    {
        var count = (int)reader.Varint();
        var lookups = isWanted ? new string?[count] : [];
        for (var i = 0; i < count; i++)
            if (reader.Byte() != 0)
            {
                var utf8 = reader.Utf8();
                if (isWanted)
                    lookups[i] = Encoding.UTF8.GetString(utf8);
            }
        return lookups;
    }

    private static decimal?[] ReadRanks(ref RecordReader reader, bool isWanted)
    {
        var count = (int)reader.Varint();
        var ranks = isWanted ? new decimal?[count] : [];
        for (var i = 0; i < count; i++)
            if (reader.Byte() != 0)
            {
                var value = ReadDecimal(ref reader);
                if (isWanted)
                    ranks[i] = value;
            }
        return ranks;
    }

    private static decimal ReadDecimal(ref RecordReader reader)
    {
        var (low, high) = (reader.Fixed64(), reader.Fixed64());
        return new decimal((ReadOnlySpan<int>)[(int)low, (int)(low >> 32), (int)high, (int)(high >> 32)]);
    }

    private static void WriteDecimal(RecordWriter to, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        to.Fixed64((uint)bits[0] | ((long)bits[1] << 32));
        to.Fixed64((uint)bits[2] | ((long)bits[3] << 32));
    }
}
