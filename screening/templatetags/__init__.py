"""Small helps for the desk's templates."""
