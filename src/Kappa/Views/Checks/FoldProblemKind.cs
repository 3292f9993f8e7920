namespace Kappa.Views.Checks;

/// <summary>What is wrong with a view on its recorded history.</summary>
public enum FoldProblemKind
{
    /// <summary>The key selector or the decoder throws, or a key is invalid: the event would be held at the view.</summary>
    Unroutable,

    /// <summary>The fold throws: the instance would be quarantined.</summary>
    FoldThrows,

    /// <summary>A lookup or a rank throws on a state.</summary>
    IndexThrows,

    /// <summary>A state cannot be written as JSON, or is too large.</summary>
    NotWritable,

    /// <summary>A state that is written and read back is another one, at once or after folding on.</summary>
    NotRestored,

    /// <summary>The same events in the same order give another state, or other keys, the second time.</summary>
    NotRepeatable,

    /// <summary>The state depends on the order in which events of different partitions come.</summary>
    OrderDependent,
}
