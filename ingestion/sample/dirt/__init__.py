def spread_dirt(draft):
    pass
