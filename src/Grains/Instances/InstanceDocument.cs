using System.Runtime.InteropServices;
using System.Text;
using Kappa.Engine.Records;
using Orleans;
using StableHash = Kappa.Log.StableHash;

namespace Kappa.Grains.Instances;

/// <summary>What grain storage holds of an instance: its record, in the form that the embedded engine stores it in too, and how far it was audited.</summary>
[GenerateSerializer]
public sealed class InstanceDocument
{
    /// <summary>See the core's instance record: state, version, digest, marks, the newest positions. Empty if nothing was ever stored.</summary>
    [Id(0)]
    public byte[] Record { get; set; } = [];

    /// <summary>For each partition, packed, the sequence below which its positions were proven against the log.</summary>
    [Id(1)]
    public ulong[] Audited { get; set; } = [];

    /// <summary>A hash of the rest, so that what was damaged in storage is found and not served.</summary>
    [Id(2)]
    public ulong Hash { get; set; }

    public static InstanceDocument Of(byte[] record, ulong[] audited) => new() { Record = record, Audited = audited, Hash = HashOf(record, audited) };

    /// <summary>For a document that was found in storage.</summary>
    /// <exception cref="InvalidDataException">It is not as it was written, or another's.</exception>
    public void MustBeWhole(string key)
    {
        if (Record.Length == 0 || Hash != HashOf(Record, Audited) || !InstanceRecord.KeyOf(Record).SequenceEqual(Encoding.UTF8.GetBytes(key)))
            throw new InvalidDataException($"The stored document of '{key}' was damaged or changed: it does not match its own hash or key. Rebuild the view and promote that.");
    }

    private static ulong HashOf(byte[] record, ulong[] audited) => StableHash.Of(record, StableHash.Of(MemoryMarshal.AsBytes(audited.AsSpan()), 5));
}
