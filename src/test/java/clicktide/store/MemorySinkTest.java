package clicktide.store;

class MemorySinkTest extends SinkContract {
  private MemorySink.Books books;

  MemorySinkTest() {
    super(NOW);
  }

  @Override
  protected void prepare() {
    books = new MemorySink.Books();
  }

  @Override
  protected Sink writer() {
    return new MemorySink(books);
  }

  @Override
  protected long counted(long link) {
    return books.visits().stream().filter(visit -> visit.click().subject().id() == link).count();
  }
}
