namespace Kappa.Engine.Store;

/// <summary>What cleaning asks the owner of the key index. Called on the writer's thread, inside <see cref="ShardStore.Clean"/>.</summary>
internal interface IStoreCleaning
{
    /// <summary>The address that is live for this record's key now, staged ones included; null if the key is unknown.</summary>
    StoreAddress? Current(ReadOnlySpan<byte> record);

    /// <summary>The record, live until now elsewhere, was staged again; from now on it stands at <paramref name="address"/>.</summary>
    void Moved(ReadOnlySpan<byte> record, StoreAddress address);
}
