"""What templates of every page may say about icons, forms and the reader's place in the product."""
