using System.Buffers.Binary;
using System.Text;
using Kappa.Engine.Store;

namespace Kappa.Tests.Engine.Store;

/// <summary>What a shard keeps beside its store, for records of the form: i32 key, i64 history offset, text.</summary>
internal sealed class KeyIndex : IStoreRecovery, IStoreCleaning
{
    public Dictionary<int, StoreAddress> Addresses { get; } = [];

    public int Moves { get; private set; }

    public static byte[] Record(int key, long history, string text)
    {
        var bytes = new byte[12 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, key);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), history);
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(12));
        return bytes;
    }

    public static int KeyOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record);
    public static long HistoryOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[4..]);
    public static string TextOf(ReadOnlySpan<byte> record) => Encoding.UTF8.GetString(record[12..]);

    public void Put(ShardStore store, int key, string text, long history = -1) =>
        Addresses[key] = store.Put(Record(key, history, text), Addresses.TryGetValue(key, out var old) ? old : null);

    public string Read(ShardStore store, int key)
    {
        Assert.True(store.TryRead(Addresses[key], out var record));
        using (record)
        {
            Assert.Equal(key, KeyOf(record.Span));
            return TextOf(record.Span);
        }
    }

    public StoreAddress? Recovered(ReadOnlySpan<byte> record, StoreAddress address)
    {
        StoreAddress? old = Addresses.TryGetValue(KeyOf(record), out var found) ? found : null;
        Addresses[KeyOf(record)] = address;
        return old;
    }

    public StoreAddress? Current(ReadOnlySpan<byte> record) =>
        Addresses.TryGetValue(KeyOf(record), out var found) ? found : null;

    public void Moved(ReadOnlySpan<byte> record, StoreAddress address)
    {
        Addresses[KeyOf(record)] = address;
        Moves++;
    }
}
