namespace Kappa.Engine.Store;

/// <summary>Where a record stands in a shard's store. <paramref name="Length"/> counts the record's own bytes.</summary>
internal readonly record struct StoreAddress(int Segment, long Offset, int Length);
