namespace Kappa.Views;

/// <summary>
/// The base of every view: name the events, the keys and the folds in the constructor.
/// <para>Key selectors and folds are pure: they see the event, its context and the state, and no clock, randomness or
/// I/O. They run on any thread, one event of an instance at a time; a fold may change the state in place and return
/// it, return another, or return null to delete the instance. What they throw quarantines that one instance (a fold)
/// or holds that one event (a key selector).</para>
/// </summary>
public abstract class View<TState>(string name, int version) : View(name, version)
    where TState : class, IViewState<TState>
{
    private readonly Dictionary<Type, FoldHandler<TState>> _handlers = [];
    private readonly List<LookupDefinition> _lookups = [];
    private readonly List<RankDefinition> _ranks = [];
    private readonly List<Func<TState, string?>> _lookupValues = [];
    private readonly List<Func<TState, decimal?>> _rankValues = [];

    public sealed override IReadOnlyList<LookupDefinition> Lookups => _lookups;
    public sealed override IReadOnlyList<RankDefinition> Ranks => _ranks;
    public sealed override IReadOnlyCollection<Type> Events => _handlers.Keys;

    /// <summary>Handles an event type: routed to the key that the selector returns, not routed where it returns null.</summary>
    protected void On<TEvent>(Func<TEvent, string?> key, Func<TState, TEvent, EventContext, TState?> fold) where TEvent : class =>
        Add(new KeyHandler<TState, TEvent>((e, _) => key(e), fold));

    /// <summary>Handles an event type whose key also depends on its context, for instance on the month of its time.</summary>
    protected void On<TEvent>(Func<TEvent, EventContext, string?> key, Func<TState, TEvent, EventContext, TState?> fold) where TEvent : class =>
        Add(new KeyHandler<TState, TEvent>(key, fold));

    /// <summary>Handles an event type that concerns several instances; nulls are left out, a key that comes twice counts once.</summary>
    protected void OnEach<TEvent>(Func<TEvent, IEnumerable<string?>> keys, Func<TState, TEvent, EventContext, TState?> fold) where TEvent : class =>
        Add(new KeysHandler<TState, TEvent>(keys, fold));

    /// <summary>
    /// Handles an event type routed by its subject alone, without reading its data: the key is what follows
    /// <paramref name="prefix"/>; a subject without that prefix is not routed.
    /// </summary>
    protected void OnSubject<TEvent>(string prefix, Func<TState, TEvent, EventContext, TState?> fold) where TEvent : class =>
        Add(new SubjectHandler<TState, TEvent>(prefix, fold));

    /// <summary>Makes instances findable by a text of their state; null is not findable.</summary>
    protected void Lookup(string name, Func<TState, string?> value, bool prefix = false)
    {
        CheckIndexName(name);
        _lookups.Add(new LookupDefinition(name, prefix));
        _lookupValues.Add(value);
    }

    /// <summary>Orders instances by a number of their state; null is left out.</summary>
    protected void Rank(string name, Func<TState, decimal?> value)
    {
        CheckIndexName(name);
        _ranks.Add(new RankDefinition(name));
        _rankValues.Add(value);
    }

    public sealed override TResult Accept<TResult>(IViewVisitor<TResult> visitor) => visitor.Visit(this);

    /// <summary>How this view handles an event record type; null if it does not.</summary>
    public FoldHandler<TState>? HandlerOf(Type record) => _handlers.GetValueOrDefault(record);

    public string? LookupValue(int lookup, TState state) => _lookupValues[lookup](state);
    public decimal? RankValue(int rank, TState state) => _rankValues[rank](state);

    private void Add(FoldHandler<TState> handler)
    {
        if (!_handlers.TryAdd(handler.Record, handler))
            throw new InvalidOperationException(
                $"View {Name} handles {handler.Record.Name} twice; an event is applied to an instance once, so handle it once (OnEach routes to several keys).");
    }

    private void CheckIndexName(string name)
    {
        if (string.IsNullOrEmpty(name) || _lookups.Exists(l => l.Name == name) || _ranks.Exists(r => r.Name == name))
            throw new InvalidOperationException($"View {Name} has two lookups or ranks named '{name}'; names must differ and not be empty.");
    }
}
