namespace Kappa.Engine.Store;

/// <summary>Rebuilds what the owner keeps in memory (its key index) while a store is opened.</summary>
internal interface IStoreRecovery
{
    /// <summary>
    /// Called for every record of every commit that survived, in commit order, so that a later record of the same key
    /// replaces an earlier one. Returns the address it replaces, null if the key is new: space accounting rests on it.
    /// If opening throws after all, what was handed out must be thrown away.
    /// </summary>
    StoreAddress? Recovered(ReadOnlySpan<byte> record, StoreAddress address);
}
